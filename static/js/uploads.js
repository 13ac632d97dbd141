/* 技改通: drop a file on its place; send a large one in parts, and go on where the sending stopped.
   Without this file the forms upload as any form does. */
(function () {
  "use strict";

  var SMALL = 1024 * 1024; /* up to this size the plain form does as well */
  var HASHED = 64 * 1024 * 1024; /* larger files are told again by their date: hashing needs them whole in memory */
  var WAITS = [1000, 2000, 4000, 8000]; /* before a part is sent again */

  function Refused(message) { this.message = message; }

  function set(zone, words, percent) {
    var box = zone.querySelector("[data-progress]");
    box.hidden = false;
    if (percent !== undefined) box.querySelector("progress").value = percent;
    var line = box.querySelector("[role=status]");
    if (line.textContent !== words) line.textContent = words;
  }

  function shown(bytes) {
    return bytes >= 1048576 ? (bytes / 1048576).toFixed(1) + " MB" : Math.max(1, Math.round(bytes / 1024)) + " KB";
  }

  function pause(milliseconds) {
    return new Promise(function (go) { setTimeout(go, milliseconds); });
  }

  /* the answer's JSON; a page instead of it means that the session is over or the filing has moved on */
  async function ask(address, options, token) {
    options.headers = Object.assign({ "X-CSRFToken": token }, options.headers || {});
    options.credentials = "same-origin";
    var answer = await fetch(address, options);
    var isJson = (answer.headers.get("Content-Type") || "").indexOf("application/json") === 0;
    if (answer.redirected) throw new Refused("登录已失效。已传的部分保留着：请重新登录，回到本页再选同一个文件，就从中断处继续。");
    if (!isJson && answer.status >= 500) throw new Error(answer.status);
    if (!isJson) throw new Refused("申报内容现在不能修改，或登录状态已变化，请刷新页面。");
    var said = await answer.json();
    if (answer.status === 422) throw new Refused(said.message);
    if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
    return said;
  }

  async function mark(file) {
    if (window.crypto && crypto.subtle && file.size <= HASHED) {
      var digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      var hex = Array.from(new Uint8Array(digest), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
      return { mark: hex, sha256: hex };
    }
    return { mark: "t" + file.lastModified, sha256: "" };
  }

  async function patiently(zone, deed) {
    for (var turn = 0; ; turn += 1) {
      try {
        return await deed();
      } catch (fault) {
        if (fault instanceof Refused || turn >= WAITS.length) throw fault;
        set(zone, "网络不稳定，正在重试……");
        await pause(WAITS[turn]);
      }
    }
  }

  async function send(zone, form, file) {
    var token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    set(zone, "正在读取 " + file.name + "……", 0);
    var known = await mark(file);
    var opening = new FormData();
    ["requirement", "replaces"].forEach(function (name) {
      var field = form.querySelector("[name=" + name + "]");
      if (field) opening.append(name, field.value);
    });
    opening.append("name", file.name);
    opening.append("size", file.size);
    opening.append("mark", known.mark);
    opening.append("sha256", known.sha256);
    var at = await patiently(zone, function () { return ask(zone.dataset.upload, { method: "POST", body: opening }, token); });
    if (at.received > 0) set(zone, "从上次中断的 " + shown(at.received) + " 处继续", (100 * at.received) / at.size);
    var received = at.received;
    while (received < file.size) {
      var part = file.slice(received, received + at.part);
      var from = at.url + "?offset=" + received;
      var now = await patiently(zone, function () { return ask(from, { method: "PUT", body: part }, token); });
      received = now.received;
      set(zone, "已传 " + shown(received) + "，共 " + shown(file.size), (100 * received) / file.size);
    }
    set(zone, "已传完，正在核对文件……", 100);
    var done = await patiently(zone, function () { return ask(at.finish, { method: "POST" }, token); });
    if (!done.next) throw new Error("out of step");
    window.location.assign(done.next);
  }

  function start(zone, form, file) {
    var again = zone.querySelector("[data-resume]");
    again.hidden = true;
    if (file.size > Number(zone.dataset.limit)) {
      set(zone, "文件 " + shown(file.size) + "，超过单份上限 " + shown(Number(zone.dataset.limit)) + "，请压缩或拆分后再传。", 0);
      return;
    }
    zone.setAttribute("aria-busy", "true");
    send(zone, form, file).catch(function (fault) {
      var kept = "上传中断，已传的部分保留着。网络恢复后按“继续上传”。";
      set(zone, fault instanceof Refused ? fault.message : kept);
      again.hidden = false;
      again.onclick = function () { start(zone, form, file); };
    }).finally(function () {
      zone.removeAttribute("aria-busy");
      delete form.dataset.sent;
    });
  }

  function ready(zone) {
    var form = zone.querySelector("form");
    var field = zone.querySelector("input[type=file]");
    if (!form || !field) return;
    zone.classList.add("live");
    form.addEventListener("submit", function (event) {
      var file = field.files[0];
      if (!file || file.size <= SMALL) return;
      event.preventDefault();
      if (!zone.hasAttribute("aria-busy")) start(zone, form, file);
    });
    zone.addEventListener("dragover", function (event) { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", function () { zone.classList.remove("over"); });
    zone.addEventListener("drop", function (event) {
      event.preventDefault();
      zone.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      if (event.dataTransfer.files.length > 1) { set(zone, "一次请只拖一个文件。", 0); return; }
      field.files = event.dataTransfer.files;
      form.requestSubmit();
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-upload]").forEach(ready);
    /* a file dropped beside its place must not replace the page */
    ["dragover", "drop"].forEach(function (name) {
      window.addEventListener(name, function (event) { event.preventDefault(); });
    });
  });
})();
