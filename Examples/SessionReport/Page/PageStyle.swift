/// The page's looks: light and dark, narrow and wide, on paper.
enum PageStyle {
    static var sheet: HTML {
        var sheet = HTML()
        sheet.raw(colours)
        sheet.raw(text)
        sheet.raw(lanes)
        sheet.raw(bars)
        sheet.raw(tables)
        sheet.raw(media)
        return sheet
    }

    private static let colours: StaticString = """
        :root{--bg:#fbfbfd;--panel:#fff;--ink:#1b1d27;--soft:#565b70;--line:#e3e5ee;--lane:#f4f5fa;--accent:#3346c8;
        --high:#3346c8;--high-ink:#fff;--medium:#b4bff5;--medium-ink:#171d4d;--low:#eef0fd;--low-ink:#333d8f;
        --good:#11734b;--good-bg:#dff3e8;--bad:#b3232f;--bad-bg:#fde7e8;--warn:#8a5300;--warn-bg:#fdeed3;--grey:#dfe2ec;
        --q0:#1b1d27;--q1:#2457d6;--q2:#b3232f;--q3:#a05a00;--q4:#11734b;--q5:#8a2fb3;--hatch:#0002;--shade:0 6px 24px #1b1d2733}
        @media (prefers-color-scheme:dark){:root{--bg:#101218;--panel:#181b24;--ink:#eceef6;--soft:#a4aac0;--line:#2b3040;
        --lane:#1d212c;--accent:#a9b5ff;--high:#8e9dff;--high-ink:#0c1030;--medium:#4452ab;--medium-ink:#fff;--low:#23294a;
        --low-ink:#c3cbff;--good:#6fd6a4;--good-bg:#12372a;--bad:#ff9a9f;--bad-bg:#47191e;--warn:#f2bd6b;--warn-bg:#432e10;
        --grey:#363c4e;--q0:#eceef6;--q1:#84a6ff;--q2:#ff9a9f;--q3:#f2bd6b;--q4:#6fd6a4;--q5:#d79cf5;--hatch:#fff3;
        --shade:0 6px 24px #000a}}

        """

    private static let text: StaticString = """
        *{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        main{max-width:2000px;margin:0 auto;padding:clamp(1rem,2.5vw,2.5rem)}
        h1,h2,h3,p,ul,dl,dd{margin:0;padding:0}ul{list-style:none}
        h1{font-size:clamp(1.6rem,1.2rem + 1.5vw,2.3rem);line-height:1.15;letter-spacing:-.02em}
        h2{font-size:1.15rem;letter-spacing:-.01em}h3{font-size:.95rem;margin:1.6rem 0 .5rem}
        a{color:var(--accent)}code{font:.92em ui-monospace,"Cascadia Mono",Menlo,monospace;overflow-wrap:anywhere}
        .kicker{font-size:.75rem;letter-spacing:.12em;text-transform:uppercase;color:var(--soft)}
        .top{display:grid;gap:.35rem;margin-bottom:1.25rem}
        .state{display:inline-block;border-radius:1rem;padding:.15rem .75rem;font-weight:600;font-size:.9rem;overflow-wrap:anywhere}
        .state.good{background:var(--good-bg);color:var(--good)}.state.bad{background:var(--bad-bg);color:var(--bad)}
        .state.live{background:var(--low);color:var(--low-ink)}
        .service{color:var(--soft);max-width:75ch}.service strong{color:var(--ink);font-weight:600}
        .stand-in{border-left:4px solid var(--warn);padding-left:.75rem;margin-top:.3rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin-bottom:1rem}
        .tiles li{background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:.7rem .9rem;display:grid;align-content:start}
        .name,.unit{font-size:.8rem;color:var(--soft)}.figure{font-size:1.5rem;font-weight:650;letter-spacing:-.02em;line-height:1.25;
        font-variant-numeric:tabular-nums}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:.25rem 2rem;margin-bottom:1.25rem}
        .facts div{display:grid;grid-template-columns:7rem 1fr;gap:.5rem}dt{color:var(--soft)}dd{overflow-wrap:anywhere;min-width:0}
        .remark{background:var(--warn-bg);color:var(--warn);border-radius:.5rem;padding:.5rem .75rem;margin-bottom:1rem}
        .hint,.empty,footer{color:var(--soft);font-size:.875rem}footer{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}

        """

    private static let lanes: StaticString = """
        .chart{background:var(--panel);border:1px solid var(--line);border-radius:1rem;padding:1.1rem 1.25rem 1.25rem}
        .lanes{position:relative;--label:9.5rem;margin-top:.9rem}
        .grid{position:absolute;inset:0;pointer-events:none;padding-left:var(--label)}.area{position:relative;height:100%}
        .area i{position:absolute;top:0;bottom:1.4rem;border-left:1px solid var(--line)}
        .lane{display:grid;grid-template-columns:var(--label) minmax(0,1fr);align-items:center;position:relative;margin-bottom:5px}
        .label{padding-right:.75rem;line-height:1.15;font-size:.875rem;font-weight:550;overflow-wrap:anywhere}
        .label small{display:block;color:var(--soft);font-weight:400;font-size:.75rem}
        .track{position:relative;height:1.75rem;background:color-mix(in srgb,var(--lane) 75%,transparent);border-radius:.35rem}
        .film .track{height:4.25rem;background:none}.events .track{height:1.6rem}.axis .track{background:none;height:1.3rem}
        .axis{margin:0}.axis .label{font-weight:400;color:var(--soft);font-size:.75rem}
        .axis span{position:absolute;transform:translateX(-50%);font-size:.75rem;color:var(--soft);font-variant-numeric:tabular-nums;top:.15rem}
        .axis .first{transform:none}.axis .last{transform:translateX(-100%)}
        .film,.engagement{margin-bottom:.7rem}.quality{margin:.7rem 0}.quality .label{align-self:start}.quality ul{margin-top:.3rem}
        .quality .track{height:9.5rem;background:var(--lane)}.quality li{font-size:.75rem;font-weight:400;line-height:1.4;display:flex;gap:.4rem;align-items:center}
        .quality li svg{width:22px;height:8px}.curves{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
        .quality path{fill:none;stroke-width:1.6;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
        .quality .half{stroke:var(--line);stroke-width:1}.y{position:absolute;right:.3rem;font-size:.75rem;line-height:1;color:var(--soft);pointer-events:none}
        .y.top{top:.2rem}.y.mid{top:calc(50% + .2rem)}.y.base{bottom:.2rem}
        .q0,.q0 path{stroke:var(--q0)}.quality path.q0,.q0 path{stroke-width:2.6}.q1,.q1 path{stroke:var(--q1);stroke-dasharray:7 3}
        .q2,.q2 path{stroke:var(--q2);stroke-dasharray:2 3}.q3,.q3 path{stroke:var(--q3);stroke-dasharray:9 3 2 3}
        .q4,.q4 path{stroke:var(--q4);stroke-dasharray:4 4}.q5,.q5 path{stroke:var(--q5);stroke-dasharray:1 4;stroke-linecap:round}

        """

    private static let bars: StaticString = """
        .bar,.mark,.shot{position:absolute;text-decoration:none;color:inherit}
        .bar{top:2px;bottom:2px;min-width:5px}.bar>i{display:flex;flex-wrap:wrap;justify-content:flex-start;height:100%;overflow:hidden;
        border-radius:.3rem;font:600 .75rem/1.5rem system-ui,sans-serif;padding:0 .3rem;border:1px solid transparent;font-style:normal}
        .bar>i::before{content:"";width:0;height:100%}.bar>i bdi{white-space:nowrap;line-height:1.4rem}
        .bar:hover,.bar:focus,.mark:hover,.mark:focus,.shot:hover,.shot:focus{z-index:9;outline:none}
        .bar:focus-visible>i,.mark:focus-visible>b,.shot:focus-visible img{outline:3px solid var(--ink);outline-offset:1px}
        .s.high>i,.key.high{background:var(--high);color:var(--high-ink)}.s.medium>i,.key.medium{background:var(--medium);color:var(--medium-ink)}
        .s.low>i,.key.low{background:var(--low);color:var(--low-ink);border:1px solid var(--low-ink)}
        .s.none>i,.key.none{background:var(--panel);border:1px dashed var(--soft)}
        .engaged>i{background:var(--good-bg);color:var(--good);border-color:var(--good)}.neutral>i,.other>i{background:var(--grey);color:var(--ink)}
        .disengaged>i{background:var(--bad-bg);color:var(--bad);border:1px dashed var(--bad)}
        .c.up>i{background:var(--good-bg);color:var(--good)}.c.paused>i{background:var(--grey);color:var(--ink)}
        .c.gap>i,.key.gap{background:var(--bad-bg);color:var(--bad);border:1px solid var(--bad)}
        .c.outage>i,.key.outage{background:repeating-linear-gradient(135deg,var(--hatch) 0 3px,transparent 3px 7px),var(--bad-bg);color:var(--bad);border:1px dashed var(--bad)}
        .c.dropped>i,.key.dropped{background:var(--warn-bg);color:var(--warn);border:1px solid var(--warn)}
        .c.degraded>i,.c.sourceLost>i,.key.degraded{background:repeating-linear-gradient(45deg,var(--hatch) 0 2px,transparent 2px 6px),var(--warn-bg);color:var(--warn);border:1px dotted var(--warn)}
        .probe{top:0;bottom:0}.probe>i{padding:0;border-radius:0}.probe:hover>i,.probe:focus>i{background:color-mix(in srgb,var(--accent) 14%,transparent)}
        .mark{top:50%;width:1.5rem;height:1.5rem;margin:-.75rem 0 0 -.75rem;display:grid;place-items:center;min-width:0}
        .mark>b{font:700 .85rem/1.3rem system-ui,sans-serif;border-radius:50%;width:1.3rem;text-align:center}.mark.feedback>b{font-size:1.1rem;line-height:1.5rem}
        .mark.error>b,.n.error{color:var(--bad)}.mark.warning>b,.n.warning{color:var(--warn)}.mark.information>b,.n.information,.mark.feedback>b{color:var(--accent)}
        .shot{display:none;top:0;bottom:0;padding-right:1px}.shot img{width:100%;height:100%;object-fit:cover;border-radius:.25rem;display:block}
        .shot:hover img,.shot:focus img{position:absolute;left:0;top:0;width:15rem;height:auto;max-width:70vw;box-shadow:var(--shade);border:2px solid var(--panel)}
        .shot.late:hover img,.shot.late:focus img{left:auto;right:0}
        .tip{display:none;position:absolute;left:0;top:calc(100% + 5px);width:max-content;max-width:min(22rem,66vw);background:var(--panel);color:var(--ink);
        border:1px solid var(--line);box-shadow:var(--shade);border-radius:.6rem;padding:.55rem .75rem;font-size:.85rem;line-height:1.4;pointer-events:none;overflow-wrap:anywhere}
        .late>.tip{left:auto;right:0}.tip>*{display:block}.tip .when{color:var(--soft);font-variant-numeric:tabular-nums;margin-bottom:.15rem}
        .bar:hover>.tip,.bar:focus>.tip,.mark:hover>.tip,.mark:focus>.tip{display:block}
        .shot:hover>.tip,.shot:focus>.tip{display:block;top:.35rem;left:.4rem;padding:.05rem .4rem}.shot.late:hover>.tip,.shot.late:focus>.tip{left:auto;right:.4rem}
        .legend{display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;font-size:.8rem;color:var(--soft);margin-top:.9rem}.legend li{display:flex;gap:.4rem;align-items:center}
        .key{display:inline-block;width:1.5rem;height:.8rem;border-radius:.2rem}.key.n{width:auto;height:auto;line-height:1}

        """

    private static let tables: StaticString = """
        .tables{margin-top:2rem}.scroll{overflow:auto;max-height:26rem;border:1px solid var(--line);border-radius:.75rem;background:var(--panel)}
        .scroll:focus-visible{outline:3px solid var(--accent)}table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
        th,td{text-align:left;vertical-align:top;padding:.4rem .8rem;border-bottom:1px solid var(--line)}tr:last-child td{border-bottom:0}
        th{position:sticky;top:0;background:var(--lane);font-weight:600;color:var(--soft);white-space:nowrap}
        td{overflow-wrap:anywhere;min-width:4.2rem}td:nth-child(3){min-width:8.4rem}td:nth-child(5){min-width:12rem}tr:target td{background:var(--low);box-shadow:inset 0 2px var(--accent),inset 0 -2px var(--accent)}

        """

    private static let media: StaticString = """
        @media (max-width:699px){.lanes{--label:0rem}.lane{grid-template-columns:minmax(0,1fr);margin-bottom:7px}.label{padding:0 0 2px;display:flex;flex-wrap:wrap;gap:0 .5rem;align-items:baseline}
        .label small{display:inline}.quality ul{display:flex;flex-wrap:wrap;gap:0 .8rem;margin:0;width:100%}.chart{padding:.9rem .8rem}.axis .label{display:none}
        .tiles{grid-template-columns:1fr 1fr}.tiles li:first-child{grid-column:1/-1}.film .label{display:none}.film .track{height:3.4rem}.shot.p{display:block;width:var(--p)}.screen{display:none}.axis span:nth-child(even){display:none}}
        @media (min-width:700px) and (max-width:1699px){.shot.d{display:block;width:var(--d)}}
        @media (min-width:1700px){.shot.w{display:block;width:var(--w)}.film .track{height:5.5rem}.quality .track{height:12rem}.lanes{--label:11rem}}
        @media (forced-colors:active){.bar>i{border:1px solid CanvasText}}
        @media print{:root{--bg:#fff;--panel:#fff;--ink:#1b1d27;--soft:#565b70;--line:#d5d8e2;--lane:#f4f5fa;--accent:#3346c8;--high:#3346c8;--high-ink:#fff;
        --medium:#b4bff5;--medium-ink:#171d4d;--low:#eef0fd;--low-ink:#333d8f;--good:#11734b;--good-bg:#dff3e8;--bad:#b3232f;--bad-bg:#fde7e8;--warn:#8a5300;
        --warn-bg:#fdeed3;--grey:#dfe2ec;--q0:#1b1d27;--q1:#2457d6;--q2:#b3232f;--q3:#a05a00;--q4:#11734b;--q5:#8a2fb3;--hatch:#0002}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}body{font-size:10pt}main{padding:0}.screen,.hint,.tip{display:none!important}
        .scroll{max-height:none;overflow:visible;border-radius:0}.chart{border:0;padding:0}.lane,tr,.tiles li{break-inside:avoid}h3{break-after:avoid}th{position:static}th,td,td:nth-child(5){padding:.25rem .5rem;min-width:0}td:nth-child(3){min-width:6.8rem}td:nth-child(-n+2){overflow-wrap:normal}table{font-size:8.5pt}
        .tiles{grid-template-columns:repeat(5,1fr)}.chart,.facts{break-inside:avoid}@page{margin:14mm}}

        """
}
