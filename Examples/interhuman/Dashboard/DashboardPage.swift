import SessionReport

/// The dashboard's page: the report's own drawing, filled again and again by a small script.
enum DashboardPage {
    static let html = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Interhuman live</title>
        <link rel="icon" href="data:,">
        <style>
        \(ReportPage.styleSheet)\(style)</style>
        <script src="live.js" defer></script>
        </head>
        <body>
        <aside class="now" aria-label="Now">
        <img id="picture" alt="What the camera sees" hidden>
        <p id="link" role="status">Connecting…</p>
        <dl id="figures" class="figures"></dl>
        </aside>
        <main><noscript>This page needs JavaScript, its own only.</noscript></main>
        </body>
        </html>

        """

    private static let style = """
        .now{position:sticky;top:0;z-index:20;background:color-mix(in srgb,var(--panel) 92%,transparent);backdrop-filter:blur(8px);border-bottom:1px solid var(--line);
        display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;padding:.5rem clamp(1rem,2.5vw,2.5rem)}
        .now img{height:6.5rem;border-radius:.5rem;display:block}.now img[hidden]{display:none}
        #link{font-weight:600}#link.lost{color:var(--bad)}#link.over{color:var(--soft)}#link.on{color:var(--good)}
        .figures{display:flex;flex-wrap:wrap;gap:.35rem 1.25rem;font-size:.875rem}.figures div{display:grid}
        .figures dt{font-size:.75rem}.figures dd{font-weight:600;font-variant-numeric:tabular-nums;min-width:3.5rem}
        main{display:flex;flex-direction:column}main>*{min-width:0}.facts,.remark{order:1;margin-top:1.25rem}.tables{order:2}footer{order:3}
        .kicker,.top h1{display:none}.service{max-width:none}.tiles{margin-bottom:1.25rem}
        @media (max-width:699px){.now img{height:3.6rem}.now{position:static}.figures{gap:.25rem .9rem;font-size:.8rem}}
        @media print{.now{display:none}}

        """

    static let script = """
        "use strict";
        const main = document.querySelector("main");
        const link = document.getElementById("link");
        const picture = document.getElementById("picture");
        const figures = document.getElementById("figures");
        let over = false, pending = null, timer = null;

        function say(text, kind) {
          if (link.textContent !== text) link.textContent = text;
          link.className = kind;
        }

        // While somebody reads a rationale or selects text, what they look at stays.
        function isRead() {
          return main.querySelector(".bar:hover,.mark:hover,.shot:hover,.bar:focus,.mark:focus,.shot:focus")
            || String(getSelection()) !== "";
        }

        function show() {
          timer = null;
          if (pending === null) return;
          if (isRead() && !over) { timer = setTimeout(show, 400); return; }
          const fresh = document.createElement("template");
          fresh.innerHTML = pending;
          pending = null;
          // Pictures that are there already need not be decoded again.
          const images = new Map([...main.querySelectorAll("img")].map(image => [image.src, image]));
          for (const image of fresh.content.querySelectorAll("img")) {
            const old = images.get(image.src);
            if (old) image.replaceWith(old);
          }
          const places = new Map([...main.querySelectorAll(".scroll")].map(box =>
            [box.getAttribute("aria-label"), [box.scrollTop + box.clientHeight >= box.scrollHeight - 4, box.scrollTop]]));
          main.replaceChildren(fresh.content);
          for (const box of main.querySelectorAll(".scroll")) {
            const [atEnd, top] = places.get(box.getAttribute("aria-label")) ?? [true, 0];
            box.scrollTop = atEnd ? box.scrollHeight : top;
          }
        }

        function fill(data) {
          figures.replaceChildren(...data.map(([name, value]) => {
            const row = document.createElement("div");
            const [term, text] = [document.createElement("dt"), document.createElement("dd")];
            term.textContent = name;
            text.textContent = value;
            row.append(term, text);
            return row;
          }));
        }

        function connect() {
          const source = new EventSource("events");
          source.onopen = () => { over = false; say("● Live", "on"); };
          source.addEventListener("content", event => {
            pending = JSON.parse(event.data);
            if (timer === null) show();
          });
          source.addEventListener("picture", event => { picture.src = event.data; picture.hidden = false; });
          source.addEventListener("figures", event => fill(JSON.parse(event.data)));
          source.addEventListener("over", () => {
            over = true;
            show();
            picture.hidden = true;
            fill([]);
            say("■ The session is over. This page shows its last state, and goes on when the program is started again.", "over");
            source.close();
            setTimeout(connect, 3000);
          });
          source.onerror = () => {
            if (!over) say("✕ The program does not answer. Trying again…", "lost");
            // The browser tries again by itself, unless the answer was an error.
            if (source.readyState === EventSource.CLOSED) { source.close(); setTimeout(connect, 2000); }
          };
        }
        connect();

        """
}
