// Says at once when the sign-in of an open form has ended, and lets nobody send the form into the void: what was typed
// stays in the page until its person has signed in again, in another tab.
const EVERY = 15_000; // Milliseconds between two looks while the page is in sight.
const WHILE_TYPING = 5_000; // While somebody types, who would lose more.
const PATIENCE = 5_000; // For an answer.
const FORMS = 'main form[method="post" i]';

// Wagtail puts the template before its link to the main part, which has to be the first link of the page.
const template = document.querySelector("template[data-session-watch]");
const dialog = template?.content.querySelector("[data-session]");
if (dialog) document.body.append(dialog);
let person; // Whose form this is.
let lookedAt = 0;
let wasTold = false;
let checkedButton = null;

function tell(state, { again = false } = {}) {
  if (dialog.open || (wasTold && !again)) return;
  for (const part of dialog.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(state);
  }
  wasTold = true;
  dialog.showModal();
}

// A sign-in comes with a new token, without which the forms of this page would be refused.
function goOn(token) {
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
  if (window.wagtailConfig) window.wagtailConfig.CSRF_TOKEN = token;
  if (!wasTold) return;
  wasTold = false;
  dialog.close();
  const detail = { clear: true, text: dialog.dataset.back, type: "success" };
  document.dispatchEvent(new CustomEvent("w-messages:add", { detail }));
}

async function ask() {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(dialog.dataset.session, { cache: "no-store", signal });
  if (!response.ok) throw new Error(`Status ${response.status}`);
  return response.json();
}

// Gives whether the form's own person is signed in. `again` tells who was told before.
async function isSignedIn({ again = false } = {}) {
  lookedAt = Date.now();
  let answer;
  try {
    answer = await ask();
  } catch {
    // Offline, or the site has a trouble of its own: worth telling only to who wants to save.
    if (again) tell("unreachable", { again });
    return false;
  }
  person ??= answer.person;
  if (answer.person !== null && answer.person === person) {
    goOn(answer.csrf_token);
    return true;
  }
  tell(answer.person === null ? "ended" : "another", { again });
  return false;
}

function isOfAForm(button) {
  return button?.type === "submit" && button.form?.matches(FORMS);
}

// A form is sent once its person was found signed in. Buttons are watched, not forms, so that Wagtail's own watchers
// see the click that counts. Enter in a field clicks the first button.
async function sendIfSignedIn(event) {
  const button = event.target.closest("button, input");
  if (!isOfAForm(button)) return;
  if (button === checkedButton) {
    checkedButton = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await isSignedIn({ again: true })) {
    checkedButton = button;
    button.click();
  }
}

if (dialog && document.querySelector(FORMS)) {
  isSignedIn();
  setInterval(() => document.visibilityState === "visible" && isSignedIn(), EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && isSignedIn());
  document.addEventListener("input", () => Date.now() - lookedAt > WHILE_TYPING && isSignedIn());
  // Wagtail's own calls that failed.
  document.addEventListener("w-swap:error", () => Date.now() - lookedAt > WHILE_TYPING && isSignedIn());
  document.addEventListener("w-autosave:error", () => isSignedIn());
  document.addEventListener("click", sendIfSignedIn, { capture: true });
}
