"""`marketmover serve`: the process that runs what is due, and says whether it is well."""
