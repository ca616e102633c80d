"""Who is there, in which workspace, and with which role."""
