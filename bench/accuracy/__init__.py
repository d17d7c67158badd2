"""How often an interaction goes on the right record: a made-up org whose truth is known, our rules and the usual ones."""
