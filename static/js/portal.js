/* 技改通: small comforts. Every page works without this file. */
(function () {
  "use strict";

  /* a form that came back: the error summary takes focus */
  function focusErrors(root) {
    var summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  /* "/" goes to the search, Escape closes the person menu */
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      var field = document.querySelector("main input[type=search], main .toolbar input[type=text]");
      var link = document.querySelector("[data-search]");
      if (field) { event.preventDefault(); field.focus(); }
      else if (link) { event.preventDefault(); link.click(); }
    }
    if (event.key === "Escape") {
      document.querySelectorAll("details.person[open]").forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.person[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  /* unsaved changes: <form data-warn-unsaved> asks before one leaves; <form data-once> is sent once */
  var dirty = false;
  document.addEventListener("input", function (event) {
    if (event.target.form && event.target.form.hasAttribute("data-warn-unsaved")) dirty = true;
  });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-warn-unsaved")) dirty = false;
    if (form.hasAttribute("data-once")) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    }
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty) event.preventDefault();
  });

  /* autosave.js has saved everything */
  document.addEventListener("autosave:clean", function () { dirty = false; });

  /* a field with a list of choices says what the chosen one means */
  document.addEventListener("input", function (event) {
    var place = event.target.list && document.getElementById(event.target.id + "_picked");
    if (!place) return;
    var typed = event.target.value.trim();
    function by(code) { return Array.prototype.find.call(event.target.list.options, function (one) { return one.value === typed || one.value.split(" ")[0] === code; }); }
    var found = by(typed) || by(typed.slice(0, /^[0-9]{4}/.test(typed) ? 2 : 0)); /* a class that is not listed by its group */
    place.textContent = found ? found.textContent : "";
  });

  /* lists: the head's box ticks the page, the bulk bar counts */
  function count() {
    var ticked = document.querySelectorAll("[data-tick]:checked").length;
    document.querySelectorAll("[data-bulk-count]").forEach(function (place) { place.textContent = ticked; });
    document.querySelectorAll("[data-bulk]").forEach(function (bar) { bar.hidden = ticked === 0; });
    document.querySelectorAll("[data-tick]").forEach(function (box) {
      var row = box.closest("tr");
      if (row) row.classList.toggle("picked", box.checked);
    });
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-tick-all]")) {
      document.querySelectorAll("[data-tick]").forEach(function (box) { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-tick], [data-tick-all]")) count();
  });

  /* pages that print themselves: <button data-print> */
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("DOMContentLoaded", function () { focusErrors(document); if (document.querySelector("[data-tick]")) count(); });
  document.addEventListener("htmx:afterSwap", function (event) { focusErrors(event.target); });
})();
