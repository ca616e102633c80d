"""What words say: how people feel, what a text is about, which texts are alike, how hard it is to read."""
