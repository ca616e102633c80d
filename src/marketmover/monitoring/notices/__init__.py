"""Who is told of what, when, and whether it reached them."""
