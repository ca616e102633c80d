"""From a brief to a plan that a client can sign: briefs read, plans composed, shown, and turned into requests.

Inner rooms: `brief` (reading), `dialogue` (asking the client), `compose` (deciding), `page` (showing), `fairness` (who
is reached), `returns` (what each campaign type returns), `changes` (plan on plan), `sheet` (the split as CSV and XLSX),
`platforms` (what the ad platforms are sent), `backtest` (advice tried on the past).
"""
