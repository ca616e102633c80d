"""Plants listed defects in a written history, and mixes its dialects: what a real folder of exports looks like."""
