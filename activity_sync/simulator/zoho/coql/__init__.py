"""COQL: `POST /coql`, the query language, as far as its documents go for us."""
