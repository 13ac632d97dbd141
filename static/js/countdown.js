/* The last day before a deadline: <b data-countdown="seconds since 1970"> runs on, minute by minute. */
(function () {
  "use strict";
  var place = document.querySelector("[data-countdown]");
  if (!place) return;
  var said = place.textContent;
  function run() {
    var left = Math.floor(Number(place.dataset.countdown) - Date.now() / 1000), minutes = Math.floor(left / 60);
    if (left <= 0) { place.textContent = "时间已到，请重新打开本页看现在能不能提交"; clearInterval(timer); return; }
    var words = minutes >= 60 ? Math.floor(minutes / 60) + " 小时 " + minutes % 60 + " 分" : minutes + " 分";
    place.textContent = /还有/.test(said) ? said.replace(/还有.*$/, "还有 " + words) : said + "（还有 " + words + "）";
  }
  var timer = setInterval(run, 30000);
  run();
})();
