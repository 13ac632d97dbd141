/* Five minutes before the sign-in ends: a warning with one button that lengthens it. The page works without this file; what
   is sent too late is kept by the server. */
(function () {
  "use strict";
  var note = document.querySelector("[data-session-left]");
  if (!note) return;
  var WARN = 300, address = note.dataset.sessionAddress, timer = null;

  function cookie(name) {
    var found = document.cookie.split("; ").find(function (one) { return one.indexOf(name + "=") === 0; });
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }
  function ask(method) {
    return fetch(address, {
      method: method, credentials: "same-origin", headers: { "X-Requested-With": "autosave", "X-CSRFToken": cookie("csrftoken") }
    }).then(function (answer) { return answer.status === 401 ? { left: 0 } : answer.json(); });
  }
  function wait(left) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, Math.min(left - WARN, 86400)) * 1000);
  }
  function look() { /* another tab may have gone on working: ask before warning */
    ask("GET").then(function (facts) {
      if (facts.left > WARN) { hide(); wait(facts.left); } else show(facts.left);
    }).catch(function () { clearTimeout(timer); timer = setTimeout(look, 60000); });
  }
  function hide() { note.replaceChildren(); note.hidden = true; }
  function show(left) {
    var text = document.createElement("p"), button = document.createElement(left > 0 ? "button" : "a");
    text.textContent = left > 0
      ? "您将在 " + Math.max(1, Math.ceil(left / 60)) + " 分钟后自动退出登录。填写的内容不会丢失。"
      : "登录已失效。填写的内容还在本页，重新登录后可以接着填。";
    button.className = "btn btn-primary btn-sm";
    button.textContent = left > 0 ? "继续使用" : "重新登录";
    if (left > 0) { button.type = "button"; button.addEventListener("click", stay); }
    else button.href = "/accounts/login/?next=" + encodeURIComponent(location.pathname + location.search);
    note.hidden = false;
    note.replaceChildren(text, button);
    clearTimeout(timer);
    if (left > 0) timer = setTimeout(look, Math.min(60, left + 1) * 1000);
  }
  function stay() { ask("POST").then(function (facts) { hide(); if (facts.left) wait(facts.left); else show(0); }); }

  wait(Number(note.dataset.sessionLeft));
})();
