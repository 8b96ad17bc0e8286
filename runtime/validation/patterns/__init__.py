"""How the time of a regular expression grows with the text, found from its automaton."""
