"""Other engines that say which rules one customer meets, each used as its own documentation recommends for speed.

All get the same rules over the same customers, translated to their advantage: constants of the attribute's own type,
instants as whole seconds, so that no rival reads a clock or a date. Customers are complete, because most rivals raise
an error or take null for 0 where a value is missing. Where a way that no documentation mentions is quicker, such as one
rule that is the list of all of them, it is measured too.
"""
