/* Figures while one types: <form data-live-at="address"> is sent there after a pause, and the answer's parts replace the
   places that wait for them ([data-live]). The server computes; without this file the figures come with each save. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-live-at]");
  if (!form) return;
  var PAUSE = 700, rows = form.dataset.rows, touched = {}, waiting = null, asked = 0;

  function cookie(name) {
    var found = document.cookie.split("; ").find(function (one) { return one.indexOf(name + "=") === 0; });
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }
  function rowOf(name) { var found = rows && name.match(/^[a-z]+-(\d+)-/); return found ? found[1] : null; }
  function body() {
    var all = new FormData(form), some = new FormData();
    all.delete("csrfmiddlewaretoken");
    if (!rows) return all;
    all.forEach(function (text, name) { if (touched[rowOf(name)]) some.append(name, text); });
    Object.keys(touched).forEach(function (number) { some.append("row", number); });
    return some;
  }
  function ask() {
    var mine = ++asked;
    fetch(form.dataset.liveAt, {
      method: "POST", body: body(), credentials: "same-origin",
      headers: { "X-Requested-With": "autosave", "X-CSRFToken": cookie("csrftoken") }
    }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (facts) {
      if (!facts || mine !== asked) return; /* an older answer says nothing about what stands there now */
      document.querySelectorAll("[data-live]").forEach(function (place) {
        var part = facts[place.dataset.live];
        if (place.dataset.live === "said") place.textContent = part; else place.innerHTML = part;
      });
      var sum = document.querySelector(".grid-edit tfoot .amount");
      if (sum && rows) sum.textContent = facts.investment;
    }).catch(function () { /* the figures stay as they were; the next pause asks again */ });
  }
  form.addEventListener("input", function (event) {
    var number = rowOf(event.target.name || "");
    if (number !== null) touched[number] = true;
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
})();
