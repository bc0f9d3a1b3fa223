#!/usr/bin/env python3
"""Compiles core, report, cli (main and test) and makes public what another package needs. Prints what remains."""
import re,os,subprocess,sys,glob
J=os.environ['JAVAC']  # javac of a JDK 25
LIB=os.environ['LIB']  # class path of all runtime jars (cli/target/ratescope-*/lib without ratescope-*, org.bytedeco:cuda)
TL=os.environ['TESTLIB']  # JUnit, AssertJ, ArchUnit
def compile(name,src,cp):
    fs=glob.glob(src+'/**/*.java',recursive=True)
    ok='.dev/v/'+name+'.ok'
    last=max([os.path.getmtime(f) for f in fs]+[os.path.getmtime(d) for d in ('.dev/v/'+x+'.ok' for x in cp.split(':')[0:0])])
    deps=[p[len('.dev/v/'):] for p in cp.split(':') if p.startswith('.dev/v/')]
    last=max([last]+[os.path.getmtime('.dev/v/'+d+'.ok') for d in deps if os.path.exists('.dev/v/'+d+'.ok')])
    if os.path.exists(ok) and os.path.getmtime(ok)>last: return ''
    started=__import__('time').time()
    os.makedirs('.dev/v/'+name,exist_ok=True)
    subprocess.run('rm -rf .dev/v/'+name+'/*',shell=True)
    open('.dev/v/files','w').write('\n'.join(fs))
    p=subprocess.run([J,'--release','21','-proc:none','-nowarn','-Xlint:none','-Xmaxerrs','5000','-d','.dev/v/'+name,'-cp',cp,'@.dev/v/files'],capture_output=True,text=True)
    if 'error:' not in p.stderr:
        open(ok,'w').close(); os.utime(ok,(started,started))
    return p.stderr
mods=[('core','core/src/main/java',LIB),('report','report/src/main/java','.dev/v/core:'+LIB),('cli','cli/src/main/java','.dev/v/core:.dev/v/report:'+LIB),
 ('core-test','core/src/test/java','.dev/v/core:'+LIB+':'+TL),('report-test','report/src/test/java','.dev/v/core:.dev/v/report:'+LIB+':'+TL),('cli-test','cli/src/test/java','.dev/v/core:.dev/v/report:.dev/v/cli:.dev/v/report-test:'+LIB+':'+TL)]
def find(t): 
    c=subprocess.run(['git','ls-files','-co','--exclude-standard','*/'+t+'.java'],capture_output=True,text=True).stdout.split()
    return [f for f in c if '/'+t+'.java' in f]
def pub_type(t):
    for f in find(t):
        s=open(f).read()
        n=re.sub(r'^(?!public)((?:(?:final|abstract|sealed|non-sealed) )*(?:class|record|interface|enum|@interface) '+t+r'\b)',r'public \1',s,count=1,flags=re.M)
        if n!=s: open(f,'w').write(n); return True
    return False
def pub_nested(t):
    hit=False
    for f in subprocess.run(['git','grep','-lE',r'(class|record|interface|enum) '+t+r'\b','--','*.java'],capture_output=True,text=True).stdout.split():
        s=open(f).read()
        n=re.sub(r'^( +)(?!public|private|protected)((?:(?:final|abstract|sealed|non-sealed|static) )*(?:class|record|interface|enum) '+t+r'\b)',r'\1public \2',s,flags=re.M)
        if n!=s: open(f,'w').write(n); hit=True
    return hit
def pub_member(owner,m):
    hit=False
    tops=find(owner)
    both=[(2,f) for f in tops]
    if True:
        fs=subprocess.run(['git','grep','-lE',r'(class|record|interface|enum) '+owner+r'\b','--','*.java'],capture_output=True,text=True).stdout.split()
    both+=[(4,f) for f in fs if f not in tops]
    for depth,f in both:
        s=open(f).read(); out=[]; inside=depth==2; done=False
        for line in s.split('\n'):
            if depth==4 and re.match(r'^  (?! )(?:.*\b)?(class|record|interface|enum) '+owner+r'\b',line): inside=True
            elif depth==4 and line.startswith('  }'): inside=False
            ind=len(line)-len(line.lstrip()); t=line.lstrip()
            if inside and ind==depth and not re.match(r'(public|private|protected|return|throw|new|\*|/|@|\.|\}|else|if)\b',t) and not t.startswith(('*','/','@','}','.')):
                ctor=m==owner
                pat=r'(?:(?:static|final|abstract|synchronized|default) )*(?:<.*?> )?'+('' if ctor else r'[\w.<>\[\], ?@]+ ')+re.escape(m)+r'\b\s*(?:\(|=|;|\{)'
                if re.match(pat,t): line=' '*ind+'public '+t; done=True
            out.append(line)
        if done: open(f,'w').write('\n'.join(out)); hit=True
    return hit
for rnd in range(40):
    done=True
    for name,src,cp in mods:
        err=compile(name,src,cp)
        pairs=set(re.findall(r'(?:error: |reason: |\(|^ *)((?:<[^>]*>)?[\w.]+(?:\([^)]*\))?) is not public in (\S+?);',err,re.M))
        n=len(re.findall(r'error:',err))
        if n==0: continue
        done=False
        print('round',rnd,name,n,'errors',len(pairs),'visibility',flush=True)
        fixed=False
        for a,b in sorted(pairs):
            a0=re.sub(r'^<[^>]*>','',re.sub(r'\(.*','',a)); b=re.sub(r'<.*','',b)
            if a0[0].isupper() and '(' not in a and b[0].islower():
                fixed|=pub_type(a0)
            elif a0[0].isupper() and '(' not in a and not a0.isupper(): fixed|=pub_nested(a0)
            else:
                ok=pub_member(b.split('.')[-1] if not b.startswith('org') else b.split('.')[-1],a0)
                if not ok: print('  cannot',a,b)
                fixed|=ok
        for t in set(re.findall(r'invalid canonical constructor in record (\w+)\n',err)):
            for f in find(t):
                q=open(f).read(); r=re.sub(r'^  '+t+r' \{',r'  public '+t+' {',q,flags=re.M)
                if r!=q: open(f,'w').write(r); fixed=True
        for t in set(re.findall(r'error: (\w+)\.\S+ is defined in an inaccessible',err)): fixed|=pub_type(t)
        if not fixed:
            open('.dev/errors.txt','w').write(err); print(err[:6000]); sys.exit(1)
        break
    if done: print('compiles'); break
