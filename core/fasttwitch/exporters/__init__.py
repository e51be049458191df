"""Rules of this language, said in the languages of other systems: exactly, or not at all."""
