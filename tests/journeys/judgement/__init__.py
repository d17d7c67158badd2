"""Issue by issue of the judgement, through the command line: each company holds many interactions at once."""
