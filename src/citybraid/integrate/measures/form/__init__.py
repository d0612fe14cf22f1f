"""Built form: blocks on a plot, storeys of blocks, ground between them."""
