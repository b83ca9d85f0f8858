"""An issue on its way: checked, ordered, started, watched over, and told about to staff.

`newsletter.delivery` sends what is started here.
"""
