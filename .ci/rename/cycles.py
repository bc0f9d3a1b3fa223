import re,glob,os
from collections import defaultdict
g=defaultdict(lambda: defaultdict(set))
for f in glob.glob('*/src/main/java/**/*.java',recursive=True):
    s=open(f).read(); p=re.search(r'^package ([\w.]+);',s,re.M).group(1)
    code=re.sub(r'/\*.*?\*/|//[^\n]*','',s,flags=re.S)
    code2=re.sub(r'^import [^\n]*\n','',code,flags=re.M)
    for st,i in re.findall(r'^import (static )?(org\.ratescope[\w.]*?)\.([A-Z]\w*)',s,re.M) and [(m.group(1),m.group(2)+'.'+m.group(3)) for m in re.finditer(r'^import (static )?(org\.ratescope[\w.]*?)\.([A-Z]\w*)',s,re.M)]:
        q,n=i.rpartition('.')[0],i.rpartition('.')[2]
        if st or re.search(r'\b'+n+r'\b',code2):
            if q!=p: g[p][q].add(os.path.basename(f)[:-5]+'->'+n)
import sys
if len(sys.argv)>1:
    h=defaultdict(lambda: defaultdict(set))
    top=lambda p:'.'.join(p.split('.')[:3])
    for a in list(g):
        for b in list(g[a]):
            if top(a)!=top(b): h[top(a)][top(b)]|=g[a][b]
    g=h
# SCC
idx={};low={};st=[];on=set();out=[]
def dfs(v):
    idx[v]=low[v]=len(idx); st.append(v); on.add(v)
    for w in list(g[v]):
        if w not in idx: dfs(w); low[v]=min(low[v],low[w])
        elif w in on: low[v]=min(low[v],idx[w])
    if low[v]==idx[v]:
        c=[]
        while True:
            w=st.pop(); on.discard(w); c.append(w)
            if w==v: break
        if len(c)>1: out.append(c)
for v in list(g): 
    if v not in idx: dfs(v)
for c in out:
    print('CYCLE',[x[14:] for x in c])
    for a in c:
        for b in c:
            if b in g[a]: print('   ',a[14:],'->',b[14:],sorted(g[a][b])[:8])
