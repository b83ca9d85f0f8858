"""The record as JSON, at `/api/v1/`. Open to any site, without a key.

`contract` describes the API in OpenAPI, `schemas` its responses and `problems` its errors; `middleware` adds what all
responses have in common. Nothing under `/api/` ever responds with a page.
"""
