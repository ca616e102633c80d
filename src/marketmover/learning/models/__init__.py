"""One learner, one file: examples in, a model of the mean out."""
