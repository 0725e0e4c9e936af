"""Makes the model files from the annotated set: needs the `train` extra."""
