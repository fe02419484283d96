"""What an extract promises: contracts, and everything that is derived from them."""
