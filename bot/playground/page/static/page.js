"use strict";
// Live updates and sending without a reload. Without scripts the page works by its forms and links.

const post = () => new URLSearchParams(location.search).get("post") || document.body.dataset.post || "";
let fetching = false;
let again = false;

async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  do {
    again = false;
    const answer = await fetch(`/page/parts?post=${post()}`);
    if (answer.ok) {
      for (const [id, html] of Object.entries(await answer.json())) replace(id, html);
    }
  } while (again);
  fetching = false;
}

function replace(id, html) {
  const region = document.getElementById(id);
  if (region.innerHTML === html) return;
  const focused = region.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  region.innerHTML = html;
  if (focused) region.querySelector(`a[href="${focused}"]`)?.focus();
}

async function send(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.set(submitter.name, submitter.value);
  const answer = await fetch(form.action, {
    method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" },
  });
  if (!answer.ok) { alert(await answer.text()); return; }
  const { address } = await answer.json();
  if (form.id === "reply") {
    form.elements.text.value = "";
    await refresh();
  } else {
    location.assign(address);
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  const text = event.target;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && text.matches("#reply textarea")) {
    event.preventDefault();
    text.form.requestSubmit();
  }
});

new EventSource("/page/changes").addEventListener("message", refresh);
