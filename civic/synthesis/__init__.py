"""From words to points: cutting a contribution, asking what was meant, grouping by theme.

Terms: segmentation, clarifying question, understanding check, theme, synthesis. Machine suggestions
count only when a person accepts them.
"""
