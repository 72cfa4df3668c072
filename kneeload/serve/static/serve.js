"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const knees = document.getElementById("knees");
  if (knees) {
    const choose = (name, value) => {
      const key = document.querySelector(`input[name="${name}"][value="${value}"]`);
      if (key) key.checked = true;
    };
    const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value;
    const show = () => {
      for (const svg of all("svg", knees)) {
        const here = [svg.dataset.knee, "both"].includes(chosen("knee"));
        svg.classList.toggle("chosen", here);
        for (const zone of all("[data-site]", svg)) {
          zone.classList.toggle("chosen", here && zone.dataset.site === chosen("site"));
        }
      }
    };
    knees.hidden = false;
    knees.addEventListener("click", (event) => {
      const svg = event.target.closest("svg");
      if (!svg) return;
      choose("knee", svg.dataset.knee);
      choose("site", event.target.dataset.site || "unsure");
      show();
    });
    knees.closest("form").addEventListener("change", show);
    show();
  }

  const line = document.getElementById("line");
  if (line) {
    const onset = document.getElementById("onset");
    const run = document.getElementById("run");
    const mark = line.querySelector(".mark");
    const fit = () => { line.toggleAttribute("hidden", run.value !== line.dataset.run); };
    line.addEventListener("click", (event) => {
      const box = line.getBoundingClientRect();
      const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      onset.value = (part * Number(line.dataset.length)).toFixed(1);
      mark.setAttribute("transform", `translate(${300 * part} 0)`);
      mark.setAttribute("visibility", "visible");
    });
    run.addEventListener("change", fit);
    fit();
  }

  const form = document.getElementById("import");
  if (form) {
    const files = document.getElementById("files");
    const bar = document.getElementById("sending");
    const send = () => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", (event) => {
        bar.hidden = false;
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.addEventListener("load", () => {
        if (request.status < 400) { location.assign("/import"); return; }
        bar.hidden = true;
        const said = document.createElement("p");
        said.setAttribute("role", "alert");
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        said.textContent = page.querySelector("main p")?.textContent || request.responseText.split("\n")[0];
        form.append(said);
      });
      request.send(new FormData(form));
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
    for (const name of ["dragover", "drop"]) {
      form.addEventListener(name, (event) => event.preventDefault());
    }
    form.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      files.files = event.dataTransfer.files;
      send();
    });
  }
})();
