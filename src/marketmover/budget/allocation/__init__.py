"""Where the money goes: a separable concave objective under nested bounds."""
