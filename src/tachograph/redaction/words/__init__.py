"""What words and names say: the vocabulary of secrets, what values look like, what stands in for a secret."""
