#!/usr/bin/env python3
"""Renames and moves types of a Java tree by map.txt. Run in the root of a checkout: apply.py [--only oldpkg,oldpkg]"""
import re,os,sys,subprocess,glob
from collections import defaultdict
HERE=os.path.dirname(os.path.abspath(__file__))
ROOT='org.ratescope'
def load():
    d={};t={}
    for line in open(HERE+'/map.txt'):
        line=line.split('#')[0].strip()
        if not line: continue
        a,b=line.split()
        if a.split('.')[-1][0].isupper(): t[a]=b
        else: d[a]=b
    return d,t
DEF,TYPES=load()
only=None
if len(sys.argv)>2 and sys.argv[1]=='--only': only=set(sys.argv[2].split(','))
TOK=re.compile(r'(?P<ws>\s+)|(?P<tb>"""(?:\\.|(?!""").)*""")|(?P<str>"(?:\\.|[^"\\])*")|(?P<chr>\'(?:\\.|[^\'\\])+\')|(?P<lc>//[^\n]*)|(?P<bc>/\*.*?\*/)|(?P<id>[A-Za-z_$][\w$]*)|(?P<num>\d[\w.]*)|(?P<op>::|.)',re.S)
def lex(s):
    return [(m.lastgroup,m.group()) for m in TOK.finditer(s)]
files=[f for f in subprocess.run(['git','ls-files','*.java'],capture_output=True,text=True).stdout.split('\n') if f]
info={}
bypkg=defaultdict(set)
for f in files:
    s=open(f).read(); m=re.search(r'^package ([\w.]+);',s,re.M)
    if not m: continue
    pkg=m.group(1); name=os.path.basename(f)[:-5]
    info[f]=(pkg,name,s)
    if name!='package-info': bypkg[pkg].add(name)
def rel(pkg): return pkg[len(ROOT)+1:] if pkg!=ROOT else ''
def target(pkg,name):
    """new (pkg,name) of a type"""
    r=rel(pkg)
    if only is not None and r not in only: return pkg,name
    k=f'{r}.{name}'
    if k in TYPES:
        b=TYPES[k]; p,_,n=b.rpartition('.'); return f'{ROOT}.{p}',n
    # a test of a renamed type
    m=re.match(r'(\w+?)((?:Document|Error|Full\w*|Fuzz)?Test)$',name)
    if m and f'{r}.{m.group(1)}' in TYPES:
        p,_,n=TYPES[f'{r}.{m.group(1)}'].rpartition('.'); return f'{ROOT}.{p}',n+m.group(2)
    if r in DEF: return f'{ROOT}.{DEF[r]}',name
    return pkg,name
NEW={}
for p,names in bypkg.items():
    for n in names: NEW[f'{p}.{n}']=target(p,n)
dups=defaultdict(set)
for (p,n) in NEW.values(): dups[n].add(p)
changed_files={}
FQ=re.compile(r'\borg\.ratescope((?:\.[a-z]\w*)+)\.([A-Z]\w*)')
FQS=re.compile(r'\borg/ratescope((?:/[a-z]\w*)+)/([A-Z]\w*)')
def fq(m):
    k=ROOT+m.group(1)+'.'+m.group(2)
    if k in NEW: p,n=NEW[k]; return p+'.'+n
    return m.group()
def fqs(m):
    k=(ROOT+m.group(1)+'.'+m.group(2)).replace('/','.')
    if k in NEW: p,n=NEW[k]; return (p+'.'+n).replace('.','/')
    return m.group()
IMP=re.compile(r'^import (static )?([\w.]+(?:\.\*)?);\n',re.M)
def newpkg_of_file(f):
    pkg,name,_=info[f]
    if name=='package-info':
        r=rel(pkg)
        if only is not None and r not in only: return pkg,name
        return (f'{ROOT}.{DEF[r]}' if r in DEF else pkg),name
    return NEW[f'{pkg}.{name}']
out={}
for f,(pkg,name,s) in info.items():
    np,nn=newpkg_of_file(f)
    imports=IMP.findall(s)
    visible={n:f'{pkg}.{n}' for n in bypkg[pkg]}
    for st,i in imports:
        if st: continue
        if i.endswith('.*'):
            for n in bypkg.get(i[:-2],()): visible[n]=i[:-2]+'.'+n
        elif i in NEW: visible[i.rpartition('.')[2]]=i
        elif not i.startswith(ROOT): visible.pop(i.rpartition('.')[2],None)
    body=s
    head_end=0
    ms=list(IMP.finditer(s))
    pm=re.search(r'^package [\w.]+;\n',s,re.M)
    start=ms[0].start() if ms else pm.end()
    end=ms[-1].end() if ms else pm.end()
    pre=s[:pm.start()]; code=s[end:]
    between=s[pm.end():start]
    nested=set(re.findall(r'\b(?:class|record|interface|enum)\s+([A-Z]\w*)',re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"','',code,flags=re.S)))-{name}
    tparams=set()
    used=set()
    def ren(n):
        k=visible.get(n)
        if k is None or n in nested: return n
        used.add(k); return NEW[k][1]
    def comment(c):
        def one(m):
            return m.group(1)+re.sub(r'(?<![\w.])([A-Z]\w*)',lambda x: ren(x.group(1)),m.group(2))+m.group(3)
        c=re.sub(r'(\{@(?:link|linkplain|code|value)\s+)([^}]*)(\})',one,c)
        c=re.sub(r'(@(?:see|throws)\s+)([\w.#]+)()',one,c)
        return FQ.sub(fq,c)
    toks=lex(code); res=[]; prev=''; prev2=''
    i=0
    codestr=[]
    for kind,t in toks:
        if kind=='id':
            if prev!='.' and t[0].isupper(): t2=ren(t)
            elif prev=='::': t2=t
            else: t2=t
            res.append(t2)
        elif kind in('bc','lc'): res.append(comment(t)); continue
        else: res.append(FQ.sub(fq,t) if kind in('str','tb') else t)
        if kind!='ws': prev=t
    code2=''.join(res)
    # fully qualified names in code
    code2=re.sub(r'\borg\.ratescope((?:\.[a-z]\w*)+)\.([A-Z]\w*)',fq,code2)
    new_imports=set()
    for st,i in imports:
        if st:
            m=FQ.match(i)
            new_imports.add('static '+FQ.sub(fq,i)); continue
        if i.endswith('.*') and i[:-2] in bypkg:
            if all(NEW[f'{i[:-2]}.{n}'][0]==i[:-2] for n in bypkg[i[:-2]]): new_imports.add(i)
            continue
        if i in NEW: 
            p,n=NEW[i]
            if p!=np: new_imports.add(p+'.'+n)
        elif FQ.match(i):
            j=FQ.sub(fq,i); new_imports.add(j)
        else: new_imports.add(i)
    for k in used:
        p,n=NEW[k]
        if p!=np and p+'.'+n not in new_imports and not (p+'.*') in new_imports: new_imports.add(p+'.'+n)
    st=sorted(x for x in new_imports if x.startswith('static ')); no=sorted(x for x in new_imports if not x.startswith('static '))
    block='\n'.join(['import '+x+';' for x in st])+('\n\n' if st and no else '')+'\n'.join(['import '+x+';' for x in no])
    text=pre+f'package {np};\n'+('\n'+block+'\n' if block else '')+(code2 if code2.startswith('\n') else '\n'+code2)
    if nn!=name:
        pass # the name itself was renamed through visible (own package)
    root=f[:-(len(pkg.replace('.','/'))+len(name)+6)]
    nf=root+np.replace('.','/')+'/'+nn+'.java'
    out[f]=(nf,text)
targets=defaultdict(list)
for f,(nf,t) in out.items(): targets[nf].append(f)
for nf,fs in targets.items():
    if len(fs)>1:
        if nf.endswith('package-info.java'):
            keep=[f for f in fs if out[f][0]==f] or fs[:1]
            for f in fs:
                if f!=keep[0]: out[f]=(None,None)
        else: print('COLLISION',nf,fs)
for f,(nf,t) in out.items():
    if nf is None: subprocess.run(['git','rm','-q','-f',f]); continue
    if nf!=f:
        os.makedirs(os.path.dirname(nf),exist_ok=True)
        subprocess.run(['git','mv',f,nf],check=True)
    if t!=info[f][2] or nf!=f: open(nf,'w').write(t)
# resources
RES={'run/version.properties':'sweep','catalogue/datasets.yaml':'dataset/catalogue'}
for f in subprocess.run(['git','ls-files'],capture_output=True,text=True).stdout.split('\n'):
    m=re.match(r'(\w+/src/(?:main|test)/resources/org/ratescope/)(.*)$',f)
    if not m: continue
    parts=m.group(2).split('/'); r=None
    for i in range(len(parts)-1,0,-1):
        if '.'.join(parts[:i]) in DEF: r='.'.join(parts[:i]); rest='/'.join(parts[i:]); break
    if r is None: continue
    if only is not None and r not in only: continue
    if rest=='version.properties': dest=m.group(1)+'results/'+rest
    elif r=='figure' and rest=='tables.sql': dest=m.group(1)+'sql/'+rest
    elif r=='figure' and rest.startswith('fonts/'): dest=m.group(1)+'figure/svg/'+rest
    elif DEF[r]==r: continue
    else: dest=m.group(1)+DEF[r].replace('.','/')+'/'+rest
    os.makedirs(os.path.dirname(dest),exist_ok=True)
    subprocess.run(['git','mv',f,dest],check=True)
OLD={}
for k,(p,n) in NEW.items():
    o=k.rpartition('.')[2]
    if o!=n: OLD.setdefault(o,n)
for k in list(OLD):
    if sum(1 for q in NEW if q.endswith('.'+k))>1: del OLD[k]
# other text files: fully qualified names
for f in subprocess.run(['git','ls-files'],capture_output=True,text=True).stdout.split('\n'):
    if not f or f.endswith('.java') or not os.path.isfile(f) or os.path.getsize(f)>400000: continue
    try: s=open(f,encoding='utf-8',newline='').read()
    except UnicodeDecodeError: continue
    t=FQS.sub(fqs,FQ.sub(fq,s))
    if f.endswith('.md'):
        t=re.sub(r'`([A-Z]\w*)(?=[`.#(])',lambda m:'`'+OLD.get(m.group(1),m.group(1)),t)
    if t!=s: open(f,'w',encoding='utf-8',newline='').write(t)
    m=re.match(r'(.*META-INF/services/)([\w.]+)$',f)
    if m:
        g=m.group(1)+FQ.sub(fq,m.group(2))
        if g!=f: subprocess.run(['git','mv',f,g],check=True)
for n,ps in dups.items():
    if len(ps)>1: print('same simple name',n,sorted(ps))
