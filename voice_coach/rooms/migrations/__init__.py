"""Bring the database of an older board to the shape that ``tables`` has; led by Alembic."""
