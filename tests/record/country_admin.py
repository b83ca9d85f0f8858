"""Fills in and sends the form of a country as an editor's browser does."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client

from record.models import Country

LIST = "/admin/snippets/record/country/"
Form = dict[str, str]


def address(country: Country, view: str = "edit") -> str:
    return f"{LIST}{view}/{country.pk}/"


def form_of(html: str) -> Form:
    """Return the data that a browser would send from the form."""
    form = BeautifulSoup(html, "html.parser").select_one("form[data-edit-form]")
    assert form is not None
    data = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, value = str(field["name"]), _value(field)
        if value is not None and "__prefix__" not in name and not field.find_parent("template"):
            data[name] = value
    return data


def _value(field: Tag) -> str | None:
    if field.get("disabled") is not None or field.get("type") in {"submit", "button"}:
        return None
    if field.name == "textarea":
        return field.text.removeprefix("\n")
    if field.name == "select":
        chosen = field.select_one("option[selected]")
        return str(chosen["value"]) if chosen else ""
    if field.get("type") == "checkbox" and field.get("checked") is None:
        return None
    return str(field.get("value", ""))


def open_form(client: Client, country: Country) -> Form:
    response = client.get(address(country))
    assert response.status_code == 200, response.get("Location")
    return form_of(response.text)


def add_row(form: Form, relation: str, **values: str) -> int:
    """Add a row to a relation, as the button below it does, and return its number."""
    number = int(form[f"{relation}-TOTAL_FORMS"])
    form[f"{relation}-TOTAL_FORMS"] = str(number + 1)
    form[f"{relation}-{number}-id"] = ""
    for name, value in values.items():
        form[f"{relation}-{number}-{name}"] = value
    return number


def add_action(form: Form, action: str, date: str, **values: str) -> int:
    values = {"treaty": "rome-statute", "source": "Depositary", "certainty": "confirmed", **values}
    return add_row(form, "treaty_actions", action=action, date=date, **values)


def send(client: Client, country: Country, form: Form, action: str = "") -> Any:
    """Press a button: `action-publish` publishes, and "" saves a draft."""
    return client.post(address(country), {**form, **({action: "on"} if action else {})})


def errors(response: Any) -> dict[str, list[str]]:
    """Return the messages beside fields by the name of the field."""
    assert response.status_code == 200, response.get("Location")
    form = response.context["form"]
    found = {name: [str(error) for error in messages] for name, messages in form.errors.items()}
    for formset in form.formsets.values():
        for child in formset.forms:
            for name, messages in child.errors.items():
                found[f"{child.prefix}-{name}"] = [str(error) for error in messages]
        if formset.non_form_errors():
            found[formset.prefix] = [str(error) for error in formset.non_form_errors()]
    return found
