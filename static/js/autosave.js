/* Saving by itself: <form data-autosave="address" data-person="7"> is sent on leaving a field and every 30 seconds. What is
   typed and not yet saved also lies in this tab's sessionStorage, so that neither a lost session nor a lost network costs a
   word. A <form data-rows="lines"> sends its changed rows only. Every page works without this file. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form) return;
  var EVERY = 30000, AFTER = 600, LATER = 400;
  var person = form.dataset.person, place = "unsaved:" + location.pathname, rows = form.dataset.rows;
  var line = document.querySelector("[data-save-state]");
  var changed = {}, sending = false, over = false, soon = null, tick = null, noting = null;

  /* --- the line that says what is saved ------------------------------------------------------------------------- */
  function say(text, link, words) {
    if (!line) return;
    var mark = line.querySelector("svg");
    line.replaceChildren.apply(line, (mark ? [mark] : []).concat([document.createTextNode(" " + text + " ")]));
    if (!link) return;
    var anchor = document.createElement("a");
    anchor.href = link; anchor.textContent = words;
    line.append(anchor);
  }

  /* --- what is typed and not saved, in this tab: field by field, or row by row under the row's own name --------------- */
  function field(name) { return form.elements.namedItem(name); }
  function value(input) { return input ? (input.type === "checkbox" ? (input.checked ? "on" : "") : input.value) : ""; }
  function put(input, text) { if (input.type === "checkbox") input.checked = text === "on"; else input.value = text; }
  function rowOf(name) { var found = rows && name.match(/^[a-z]+-(\d+)-/); return found ? found[1] : null; }
  function part(number, name) { return field(rows + "-" + number + "-" + name); }
  function note() {
    var kept = { person: person, seen: value(form.elements.seen), fields: {}, rows: {} };
    Object.keys(changed).forEach(function (name) {
      var number = rowOf(name);
      if (number === null) { if (field(name)) kept.fields[name] = value(field(name)); return; }
      var key = value(part(number, "id")) || value(part(number, "slot"));
      if (!kept.rows[key]) kept.rows[key] = { mark: value(part(number, "mark")) };
      kept.rows[key][name.slice((rows + "-" + number + "-").length)] = value(field(name));
    });
    try {
      if (Object.keys(changed).length) sessionStorage.setItem(place, JSON.stringify(kept));
      else sessionStorage.removeItem(place);
    } catch (full) { /* a full or forbidden store: the page itself still holds the text */ }
  }
  function restore() {
    var kept = null, found = 0;
    try { kept = JSON.parse(sessionStorage.getItem(place)); } catch (broken) { kept = null; }
    if (!kept) return false;
    if (kept.person !== person) { sessionStorage.removeItem(place); return false; }
    function back(name, text) {
      var input = field(name);
      if (!input || value(input) === text) return;
      put(input, text); changed[name] = true; found += 1;
    }
    Object.keys(kept.fields).forEach(function (name) { back(name, kept.fields[name]); });
    Object.keys(kept.rows || {}).forEach(function (key) {
      var number = placeOf(key), row = kept.rows[key];
      if (number === null) return;
      if (part(number, "id").value) part(number, "mark").value = row.mark; else part(number, "slot").value = key;
      Object.keys(row).forEach(function (name) { if (name !== "mark") back(rows + "-" + number + "-" + name, row[name]); });
    });
    if (found && !rows && form.elements.seen && kept.seen) form.elements.seen.value = kept.seen;
    return found > 0;
  }
  function placeOf(key) { /* the row of this name, or the first blank one for a row that is new */
    var count = Number(value(field(rows + "-TOTAL_FORMS"))), blank = null, number;
    for (number = 0; number < count; number += 1) {
      if (value(part(number, "id")) === key || value(part(number, "slot")) === key) return number;
      if (blank === null && !value(part(number, "id")) && !value(part(number, "name")) && !value(part(number, "amount"))) blank = number;
    }
    return /^\d+$/.test(key) ? null : blank;
  }

  /* --- messages at the fields ------------------------------------------------------------------------------------ */
  function fault(name, text) {
    var input = field(name);
    if (!input || !input.id) return;
    var id = input.id + "_error", place = document.getElementById(id), row = input.closest(".grid-edit tr");
    if (!text) {
      input.removeAttribute("aria-invalid");
      if (place) place.remove();
      return;
    }
    if (input.getAttribute("aria-invalid") !== "true") input.setAttribute("aria-invalid", "true");
    if (!place) {
      place = document.createElement("p");
      place.id = id;
      place.className = "field-error";
      if (row) input.after(place);
      else (input.closest(".input-group") || input).before(place);
      var told = (input.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
      if (told.indexOf(id) < 0) input.setAttribute("aria-describedby", told.concat(id).join(" "));
    }
    place.textContent = text;
  }

  function takeRow(number, told) {
    if (told.standing) { part(number, "id").value = told.standing[0]; part(number, "mark").value = told.standing[1]; }
    var id = rows + "-" + number + "-errors", row = part(number, "name").closest("tr"), under = document.getElementById(id);
    var text = told.disputed ? "另一人也改了这一行，没有覆盖。重新打开本页逐行选择。" : told.fault;
    if (under) under = under.closest("tr");
    if (!text) { if (under) under.remove(); return; }
    if (!under) {
      under = document.createElement("tr");
      under.className = "bad";
      under.append(document.createElement("td"), document.createElement("td"));
      under.lastChild.id = id; under.lastChild.className = "small"; under.lastChild.colSpan = row.cells.length - 1;
      row.after(under);
    }
    under.lastChild.textContent = text;
  }

  /* --- sending --------------------------------------------------------------------------------------------------- */
  function cookie(name) {
    var found = document.cookie.split("; ").find(function (one) { return one.indexOf(name + "=") === 0; });
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }
  function body(names) {
    var all = new FormData(form);
    all.delete("csrfmiddlewaretoken");
    if (!rows) return all;
    var wanted = {}, some = new FormData();
    names.forEach(function (name) { if (rowOf(name) !== null) wanted[rowOf(name)] = true; });
    all.forEach(function (text, name) { if (rowOf(name) === null || wanted[rowOf(name)]) some.append(name, text); });
    Object.keys(wanted).forEach(function (number) { some.append("row", number); });
    return some;
  }
  function send(leaving) {
    var names = Object.keys(changed);
    clearTimeout(soon);
    if (!names.length || over) return;
    if (sending) { later(AFTER); return; }
    sending = true;
    var before = {};
    names.forEach(function (name) { var input = field(name); before[name] = input ? value(input) : ""; });
    fetch(form.dataset.autosave, {
      method: "POST", body: body(names), credentials: "same-origin", keepalive: Boolean(leaving),
      headers: { "X-Requested-With": "autosave", "X-CSRFToken": cookie("csrftoken") }
    }).then(function (answer) {
      var told = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0 ? answer.json() : Promise.resolve(null);
      return told.then(function (facts) { take(answer.status, facts, names, before); });
    }).catch(function () {
      say("没有连上服务器，填写的内容还在本页，连上后会再次保存。");
    }).then(function () { sending = false; });
  }
  function take(status, facts, names, before) {
    if (status === 200 && facts) {
      if (facts.seen && form.elements.seen) form.elements.seen.value = facts.seen;
      names.forEach(function (name) {
        var input = field(name);
        if (!input || value(input) === before[name]) delete changed[name];
        if (!rows) fault(name, facts.faults[name]);
      });
      Object.keys(facts.rows || {}).forEach(function (number) { takeRow(number, facts.rows[number]); });
      if (!rows) Object.keys(facts.faults).forEach(function (name) { fault(name, facts.faults[name]); });
      form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: facts }));
      document.querySelectorAll("[data-kept-note]").forEach(function (gone) { gone.remove(); });
      finish(facts.said);
    } else if (status === 401 && facts) {
      say(facts.said, "/accounts/login/?next=" + encodeURIComponent(location.pathname + location.search), "重新登录，接着填");
      if (facts.kept) quiet();
    } else if (status === 409 && facts) {
      over = true; changed = {};
      say(facts.said, location.pathname, "看两份，逐项选择");
      quiet();
    } else if (status === 409 || status === 403 || status === 404) {
      over = true;
      say("现在不能保存：已提交、已截止或不再由您填写。填写的内容还在本页。", location.pathname, "重新打开");
    } else {
      say("没有保存成功，填写的内容还在本页，稍后会再次保存。");
    }
  }
  function finish(said) {
    note();
    if (said) say(said);
    if (!Object.keys(changed).length) quiet();
  }
  function quiet() {
    try { sessionStorage.removeItem(place); } catch (forbidden) { /* nothing lies there then */ }
    document.dispatchEvent(new CustomEvent("autosave:clean"));
  }
  function later(wait) { clearTimeout(soon); soon = setTimeout(send, wait); }

  /* --- when ------------------------------------------------------------------------------------------------------ */
  form.addEventListener("input", function (event) {
    if (!event.target.name) return;
    changed[event.target.name] = true;
    clearTimeout(noting);
    noting = setTimeout(note, LATER);
    if (!tick) tick = setInterval(send, EVERY);
  });
  form.addEventListener("change", function (event) {
    if (!event.target.name) return;
    changed[event.target.name] = true;
    note();
    later(AFTER);
  });
  form.addEventListener("submit", function () {
    var token = form.elements.csrfmiddlewaretoken, now = cookie("csrftoken");
    if (token && now) token.value = now; /* signed in again in another tab, the token of this page is no longer good */
    clearTimeout(soon);
    over = true;
    try { sessionStorage.removeItem(place); } catch (forbidden) { /* nothing lies there then */ }
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") { note(); send(true); }
  });
  window.addEventListener("online", function () { send(); });

  if (restore()) { say("已放回这个标签页里没有存入的内容。"); later(AFTER); }
  else if (form.hasAttribute("data-unsaved")) {
    Array.prototype.forEach.call(form.elements, function (input) {
      if (input.name && input.type !== "hidden" && input.type !== "submit" && (!rows || rowOf(input.name))) changed[input.name] = true;
    });
    later(AFTER);
  }
})();
