"""Judge advice by the truth: simulated markets exported, imported, advised on, and scored."""
