"""Pages of what one follows, and the feeds and calendars of what is public."""

from civic.following.pages import feeds, following

routes = [*following.routes, *feeds.routes]
