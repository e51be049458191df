"""What changes of many customers at once need: rows found by their ids, codes of some rows, masks compared."""
