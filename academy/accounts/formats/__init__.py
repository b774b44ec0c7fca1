"""Files that the room reads: the list of states, the privacy notice, lists of people."""
