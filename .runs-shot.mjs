import { chromium } from 'playwright-core';
import { pathToFileURL } from 'node:url';
const [file, out] = process.argv.slice(2);
const b = await chromium.launch({ executablePath:'/usr/bin/chromium', args:['--no-sandbox','--disable-gpu'] });
for (const w of [400,800,1400]) { const p = await b.newPage({ viewport:{width:w,height:900} }); await p.goto(pathToFileURL(file).href); await p.screenshot({ path:`${out}-${w}.png`, fullPage:true }); console.log(w, await p.evaluate(()=>[document.documentElement.scrollWidth, innerWidth, document.documentElement.scrollHeight])); await p.close(); }
const p = await b.newPage(); await p.goto(pathToFileURL(file).href);
await p.pdf({ path:`${out}-A4.pdf`, format:'A4', preferCSSPageSize:false }); await p.pdf({ path:`${out}-Letter.pdf`, format:'Letter' });
await b.close();
