"use strict";
// Live updates and sending without a reload. Without scripts the page works by its forms and links.

const post = () => new URLSearchParams(location.search).get("post") || document.body.dataset.post || "";
const shown = {};
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

// What has not changed stays: whoever reads in it keeps what they opened.
function replace(id, html) {
  if (shown[id] === html) return;
  shown[id] = html;
  const region = document.getElementById(id);
  const held = region.contains(document.activeElement) && document.activeElement;
  region.innerHTML = html;
  if (held) [...region.querySelectorAll("a, button")].find((e) => e.href === held.href && e.value === held.value)?.focus();
}

async function send(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.set(submitter.name, submitter.value);
  const who = document.querySelector("#reply select");
  if (form.matches(".buttons") && who && !data.has("by_id")) data.set("by", who.value);
  const answer = await fetch(form.action, {
    method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" },
  });
  if (!answer.ok) { alert(await answer.text()); return; }
  const { address } = await answer.json();
  if (form.id === "reply") form.elements.text.value = "";
  if (form.matches("#reply, .buttons")) {
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
