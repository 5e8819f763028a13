import { runInPage, closeBrowsers } from './test/browser/harness.js';
import { freePort } from './test/faults/_kit/free-port.js';
import { startSocketIo } from './test/faults/_kit/socketio-server.js';
import { startTcpProxy } from './test/faults/_kit/tcp-proxy.js';
const [engine='firefox', kind='refused', secs='80'] = process.argv.slice(2);
const t=Date.now(); let last='';
const port = await freePort();
const server = kind==='path' ? await startSocketIo({port,options:{path:'/other'}}) : undefined;
const run = await runInPage(engine as never, {url:`http://127.0.0.1:${port}`,options:{transports:['websocket'],reconnectionDelay:100,reconnectionDelayMax:500,timeout:2000}}, '4', undefined, (e:any)=>{
  if(e.type==='incident'){ const i=e.incident; const s=`${i.id.slice(0,4)} ${i.diagnosis.certainty} ${i.diagnosis.code} [${i.diagnosis.alternatives.map((a:any)=>a.code)}] settled=${i.settled} status=${i.status}`; if(s!==last){last=s; console.log(Date.now()-t, 'attempts',i.failedAttempts, s, JSON.stringify(i.timeline.signals.filter((x:any)=>x.kind==='probe').slice(-3)));} }
  if(e.type==='raw' && e.event.name!=='connect_error' && !e.event.name.startsWith('reconnect')) console.log(Date.now()-t, JSON.stringify(e.event));
  if(e.type==='raw' && e.event.name==='connect_error' ) msgs[e.event.message]=(msgs[e.event.message]??0)+1;
  if(e.type==='broken') console.log(e);
}, {sameOrigin:false,headers:{},pageUrl:undefined});
const msgs:Record<string,number>={};
if (kind==='comeback') setTimeout(async()=>{ await startSocketIo({port}); console.log(Date.now()-t,'server is up')}, 30000);
for(let i=0;i<Number(secs)/10;i++){ await new Promise(r=>setTimeout(r,10000)); console.log(Date.now()-t,JSON.stringify(msgs)); }
await run.stop(); await closeBrowsers(); process.exit();
