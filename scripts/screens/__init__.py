"""Pictures of the page in a browser, as a user sees it."""
