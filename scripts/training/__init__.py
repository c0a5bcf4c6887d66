"""Makes what the hearing ships with: the near-end network's weights, and the fillers."""
