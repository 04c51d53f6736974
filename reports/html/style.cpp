#include "reports/html/style.h"

#include "reports/svg/mark.h"

namespace pingjia::reports {

namespace {

constexpr const char* kBase = R"(
:root{color-scheme:light dark;--bg:#fff;--fg:#1a1d21;--soft:#59616a;--line:#dde1e6;--band:#f4f6f8;--link:#0b62a4;--good:#0a7a58;--bad:#b3261e;--warn:#7a5c00;--mark:#ffe79a}
@media (prefers-color-scheme:dark){:root{--bg:#131619;--fg:#e4e7ea;--soft:#a2aab3;--line:#333a41;--band:#1c2126;--link:#6db3f2;--good:#4fd1a5;--bad:#ff8a80;--warn:#dfc25a;--mark:#5c4a00}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC",sans-serif}
main,header,footer{max-width:1360px;margin:0 auto;padding:0 28px}
header{padding-top:30px;display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;justify-content:space-between;align-items:baseline}
.tools{display:flex;gap:.5rem}
.tool{font:inherit;font-size:.8rem;color:var(--fg);background:var(--band);border:1px solid var(--line);border-radius:5px;padding:.12rem .55rem;cursor:pointer}
h1{font-size:1rem;font-weight:600;margin:0;color:var(--soft);overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.6rem 0 .5rem;line-height:1.3}
h3{font-size:1rem;margin:1.6rem 0 .3rem;overflow-wrap:anywhere}
p{margin:.4rem 0;max-width:76ch}
a{color:var(--link)}
.soft{color:var(--soft)}
.lead-text{font-size:1.45rem;line-height:1.35;font-weight:600;max-width:46ch;margin:.4rem 0 .8rem;text-wrap:balance;overflow-wrap:anywhere}
.open{color:var(--soft);margin:.9rem 0 0}
.open ul{margin:.2rem 0 0;padding-left:1.2em}
li{overflow-wrap:anywhere}
nav{margin:1.2rem 0 0;font-size:.9rem;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
summary{cursor:pointer}
summary:focus-visible,a:focus-visible,input:focus-visible,button:focus-visible,select:focus-visible,.scroll:focus-visible,svg g:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media (max-width:620px){main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:18px}.lead-text{font-size:1.2rem}}
footer{color:var(--soft);font-size:.85rem;padding-top:2.5rem;padding-bottom:2.5rem}
)";

constexpr const char* kTables = R"(
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.85rem;line-height:1.35}
th,td{padding:.32rem .55rem;text-align:right;vertical-align:baseline;white-space:nowrap}
th{font-weight:600}
th.l,td.l{text-align:left}
thead th{box-shadow:inset 0 -1px var(--soft);vertical-align:bottom;background:var(--bg);white-space:normal}
tbody tr{border-bottom:1px solid var(--line)}
.summary{width:100%;font-size:.8rem}
.summary th,.summary td{padding-left:.35rem;padding-right:.35rem}
.summary thead{position:sticky;top:0;z-index:2}
.summary thead tr.blocks th{box-shadow:none;text-align:left;color:var(--soft);font-weight:400;padding-bottom:0}
.summary .b{border-left:1px solid var(--line)}
.summary tbody th.suite{text-align:left;padding-top:1rem;font-size:.85rem;overflow-wrap:anywhere;white-space:normal}
.summary th.system{text-align:left;font-weight:600;white-space:normal;min-width:8.6rem;max-width:15rem;overflow-wrap:anywhere}
.summary th.system small{display:block;font-weight:400;color:var(--soft);font-size:.72rem;line-height:1.25}
.ci{color:var(--soft)}
.none{color:var(--soft)}
.scroll{overflow-x:auto}
.summary-scroll{max-height:88vh;overflow:auto;border-bottom:1px solid var(--line)}
@media (min-width:1400px){.summary-scroll.fits{max-height:none;overflow:visible;border:0}}
@media (max-width:1399px){
.summary th.system{position:sticky;left:0;background:var(--bg);z-index:1}.summary thead th:first-child{position:sticky;left:0;z-index:3}}
@media (max-width:620px){.summary th.system{min-width:6.2rem;max-width:7.5rem}}
)";

constexpr const char* kFigures = R"(
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1.2rem;padding:0;margin:.6rem 0 .4rem;font-size:.9rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:1.2rem 2.6rem}
.charts.small{grid-template-columns:repeat(auto-fit,minmax(min(100%,390px),1fr));gap:.6rem 2rem}
figure{margin:.6rem 0;min-width:0;max-width:660px}
.small figure{max-width:440px}.small .alone figure{max-width:660px}.small table{font-size:.74rem}.small th,.small td{padding:.25rem .35rem}
figcaption{margin-bottom:.5rem;line-height:1.35}
figcaption b{display:block;overflow-wrap:anywhere}
figcaption>span,.aside{color:var(--soft);font-size:.87rem}
.figure-tools{display:flex;gap:.5rem;margin:.3rem 0}
#tip{position:absolute;z-index:9;max-width:22rem;padding:.35rem .6rem;border-radius:5px;background:var(--fg);color:var(--bg);font-size:.82rem;line-height:1.35;pointer-events:none}
figure details{margin-top:.3rem;font-size:.87rem}
figure summary{color:var(--soft)}
figure caption{caption-side:bottom;text-align:left;padding:.3rem .5rem;font-size:.8rem}
.reason{border:1px dashed var(--line);border-radius:6px;padding:1.1rem 1.2rem;color:var(--soft)}
svg.narrow{display:none}
@media (max-width:520px){svg.plot.wide{display:none}svg.plot.narrow{display:block}figure table{font-size:.74rem}figure th,figure td{padding:.25rem .3rem}}
.dials{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,250px),1fr));gap:.5rem 1.6rem;margin:.8rem 0;font-size:.85rem}.dials[hidden]{display:none}
.dial label{display:block;color:var(--soft);overflow-wrap:anywhere}.dial input{font:inherit;vertical-align:middle}
.dial input[type=number],.hw-choice select,.choice select{color:var(--fg);background:var(--bg);border:1px solid var(--line);border-radius:5px;padding:.1rem .35rem}
.dial input[type=number]{width:7.2rem}.dial input[type=range]{width:calc(100% - 8rem);accent-color:var(--link)}
.hw-choice select,.choice select{font:inherit;max-width:100%}.hw-choice[hidden],.choice[hidden]{display:none}.hw-choice label,.choice label{min-width:0;max-width:100%}.hw-choice,.choice{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;font-size:.9rem}#hardware .scroll+.charts{margin-top:1.2rem}.hw-rents td,.hw-rents th{white-space:normal}
.pair-numbers dl{grid-template-columns:max-content 1fr;max-width:46rem}.pair-flips{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:.4rem 2rem}
.flip-list{list-style:none;margin:.2rem 0;padding:0;max-height:15rem;overflow:auto;border:1px solid var(--line);border-radius:6px;font-size:.83rem}.flip-list:empty{display:none}
.flip-list a{display:flex;gap:.7rem;padding:.2rem .6rem;border-bottom:1px solid var(--line);color:var(--fg);text-decoration:none;white-space:nowrap}.flip-list a:hover,.flip-list a[aria-current]{background:var(--band)}.flip-list a[aria-current]{box-shadow:inset 3px 0 var(--link)}
.flip-list a:focus-visible{outline-offset:-2px}.flip-list code{flex:none;max-width:9rem;overflow:hidden;text-overflow:ellipsis;color:var(--soft)}.flip-list span{overflow:hidden;text-overflow:ellipsis}
#pair h4{margin:.9rem 0 .2rem}.pair-flips .tool{margin-top:.3rem}.pair-answers{border:1px solid var(--line);border-radius:6px;padding:.2rem 1rem 1rem;margin:.8rem 0}.pair-answers>h3{margin-top:.7rem}.pair-answers .close{float:right;margin-top:.6rem}
.pair-sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:.2rem 1.4rem}.pair-sides>section{min-width:0}.pair-sides .box{max-height:28rem;overflow:auto}.pair-sides h4{margin:.8rem 0 .2rem;overflow-wrap:anywhere}.pair-sides i,#pair h4 i{font-style:normal}
mark{background:var(--mark);color:var(--fg);text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:2px}
.matrix td small{display:block;color:var(--soft);font-size:.72rem}.matrix thead th{max-width:9rem;overflow-wrap:anywhere}
.method td{white-space:normal}.method td:nth-child(3){min-width:14rem}.method td:nth-child(4){min-width:18rem}
.method ul{margin:0;padding-left:1.1em}
.kernels{margin:.4rem 0}
@media (max-width:520px){.kernels{font-size:.74rem}.kernels th,.kernels td{padding:.25rem .3rem}}
.why{white-space:normal;min-width:12rem;overflow-wrap:anywhere}
.notes{columns:2;column-gap:3rem;padding-left:1.1em;font-size:.9rem}
.notes li{break-inside:avoid;margin-bottom:.35rem}
@media (max-width:900px){.notes{columns:1}}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;font-size:.9rem;margin:.5rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
pre{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0;tab-size:4}
pre.box{background:var(--band);border-radius:6px;padding:.8rem 1rem;margin:.5rem 0}
)";

constexpr const char* kSamples = R"(
.suite-samples{border-top:1px solid var(--line);padding:.5rem 0}
.suite-samples>summary{font-weight:600;overflow-wrap:anywhere}
.q{border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 1.9rem}
.q>summary{display:flex;gap:.9rem;align-items:baseline;padding:.22rem 0;font-size:.87rem;list-style:none;min-width:0}
.q>summary::-webkit-details-marker{display:none}
.q>summary::before{content:"▸";color:var(--soft);width:.7em;flex:none}
.q[open]>summary::before{content:"▾"}
.q>summary code{flex:none;color:var(--soft);font-size:.8rem;max-width:11rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.q>summary span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0;flex:1}
.v{flex:none;letter-spacing:.22em;font-style:normal}
.v i,td i{font-style:normal;font-weight:700}
i.r{color:var(--good)}i.w,i.f{color:var(--bad)}i.p,i.t,i.u,i.n,i.x{color:var(--warn)}
.q table{width:100%;margin:.3rem 0 1rem}
.q td:nth-child(4){width:45%}.q td:nth-child(3),.q tr th:first-child{white-space:normal;max-width:15rem;overflow-wrap:anywhere}
.q td.a{text-align:left;white-space:normal;min-width:12rem}
.q .box{margin:.3rem 0}
.role{color:var(--soft);font-size:.8rem;margin:.5rem 0 0}
.filter{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;font-size:.9rem;margin:.6rem 0;border:0;padding:0}
section:has(#only-split:checked) .q:not(.split){display:none}
section:has(#only-bad:checked) .q.ok{display:none}
)";

constexpr const char* kSampleBrowser = R"(
.sample-controls{display:flex;flex-wrap:wrap;gap:.4rem 1rem;margin:.8rem 0 .3rem;font-size:.85rem}
.sample-controls label{color:var(--soft);min-width:0}
.sample-controls select,.sample-controls input{display:block;font:inherit;color:var(--fg);background:var(--bg);border:1px solid var(--line);border-radius:5px;padding:.2rem .4rem;max-width:min(15rem,82vw)}
.sample-controls .search{flex:1;min-width:11rem}.sample-controls .search input{width:100%;max-width:none}
.sample-status{font-size:.87rem;min-height:1.7rem;max-width:none}
.sample-panes{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem}
.sample-list{height:min(60vh,34rem);overflow:auto;position:relative;border:1px solid var(--line);border-radius:6px}
.sample-list:focus-visible,.sample-detail:focus-visible{outline:2px solid var(--link);outline-offset:1px}
.sample-paper{display:none}.sample-rows{position:absolute;top:0;left:0;right:0}
.sample-row{display:flex;gap:.8rem;align-items:center;height:30px;padding:0 .7rem;font-size:.83rem;border-bottom:1px solid var(--line);cursor:pointer;white-space:nowrap}
.sample-row>*{overflow:hidden;text-overflow:ellipsis;flex:none}
.sample-row i{font-style:normal;font-weight:700;width:1.1em;text-align:center}
.sample-row code{color:var(--soft);width:7.5rem}.sample-row b{font-weight:600;width:11rem}
.sample-row small{color:var(--soft);max-width:9.5rem}.sample-row small:empty{display:none}
.sample-row span{flex:1;min-width:0}
.sample-row em{font-style:normal;color:var(--soft);width:5rem;text-align:right;font-variant-numeric:tabular-nums}
.sample-row[aria-selected=true]{background:var(--band);box-shadow:inset 3px 0 var(--link)}
.sample-detail{min-width:0;border:1px solid var(--line);border-radius:6px;padding:.2rem 1rem 1rem}
.sample-detail h3{margin:.7rem 0 .3rem}.sample-detail h4{margin:1.1rem 0 .2rem;overflow-wrap:anywhere}
.sample-detail h4 i{font-style:normal}
.sample-detail .box{max-height:28rem;overflow:auto}
.sample-detail .close{float:right;margin-top:.6rem}
.sample-detail summary{font-size:.87rem}
.sample-answer{border-top:1px solid var(--line);margin-top:.8rem}
.sample-answer.chosen{border-top:3px solid var(--link)}
.sample-facts{font-size:.85rem;grid-template-columns:minmax(6rem,max-content) 1fr}
@media (min-width:1100px){.reading .sample-panes{grid-template-columns:minmax(0,5fr) minmax(0,6fr)}
.reading .sample-list,.reading .sample-detail{height:min(82vh,52rem)}.reading .sample-detail{overflow:auto}
.reading .sample-row em:nth-of-type(-n+2),.reading .sample-row small{display:none}.reading .sample-row b{width:8rem}.reading .sample-row code{width:5.5rem}}
@media (max-width:1099px){.sample-row small{display:none}}
@media (max-width:760px){.sample-row{gap:.5rem;padding:0 .4rem}.sample-row code{width:4.2rem}.sample-row b{width:5.5rem}.sample-row em:nth-of-type(-n+2){display:none}.sample-row em{width:4.4rem}.sample-detail{padding:.2rem .7rem .8rem}.sample-list{height:50vh}}
)";

constexpr const char* kPaper = R"(
@media print{@page{size:A4 landscape;margin:12mm}
html{font-size:10px}body{font-size:1rem}
main,header,footer{max-width:none;padding:0}nav,.sample-controls,.sample-status,.sample-list,.filter,.close,#samples-browser>.soft,.tools,.figure-tools,.choice,.pair-flips,#tip,#hardware-reset{display:none}
.summary{font-size:.76rem}.summary th,.summary td{padding:.18rem .22rem}.summary thead{position:static}
.summary-scroll{max-height:none;overflow:visible;border:0}
.summary th.system{min-width:0;position:static}
.kernel-rows{font-size:.68rem}.kernel-rows th,.kernel-rows td{padding:.12rem .2rem}.kernel-rows .ci{display:none}.kernel-rows .why{min-width:5rem}
tr,figure,.notes li{break-inside:avoid}h2,h3,figcaption{break-after:avoid}
.charts,.charts.small{grid-template-columns:repeat(2,1fr)}.charts.small{grid-template-columns:repeat(3,1fr)}
.sample-paper{display:block}.sample-row{height:auto;padding:.12rem 0;break-inside:avoid}.sample-detail,.pair-answers{border:0;padding:0}.sample-detail .box,.pair-sides .box{max-height:none}
.suite-samples::details-content{content-visibility:visible;display:block;height:auto}
.lead-text{font-size:1.5em}
figure details::details-content,.paper::details-content{content-visibility:visible;display:block;height:auto}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
)";

}  // namespace

std::string page_style() {
  std::string style = kBase;
  style += kTables;
  style += chart_style();
  style += kFigures;
  style += kSamples;
  style += kSampleBrowser;
  return style + kPaper;
}

}  // namespace pingjia::reports
