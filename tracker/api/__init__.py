"""The record as JSON, at `/api/v1/`: read by anybody, from any site, without a key.

`contract` says what it promises (OpenAPI), `schemas` the shapes, `problems` what is answered when something is wrong,
`middleware` what holds for every answer: other sites may read it, and nothing under `/api/` is ever a page.
"""
