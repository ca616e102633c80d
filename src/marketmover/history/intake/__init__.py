"""Taking staged rows into the lake: what may be used, what is known already, what is new."""
