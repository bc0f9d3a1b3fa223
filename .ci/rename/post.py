#!/usr/bin/env python3
"""Edits by hand that follow apply.py: walls, resources, sentences."""
import re,subprocess,os
def sub(f,*pairs):
    s=open(f).read()
    for a,b in pairs:
        if a not in s: print('not found in',f,':',a[:60])
        s=s.replace(a,b)
    open(f,'w').write(s)
w='cli/src/test/java/org/ratescope/cli/WallsTest.java'
s=open(w).read()
s=s.replace('"org.ratescope.torch..",','"org.ratescope.tensor..",').replace('"org.ratescope.vae..",','"org.ratescope.model..",').replace('"org.ratescope.measure.."','"org.ratescope.bench.."')
s=s.replace('"org.ratescope.study..",\n','"org.ratescope.spec..",\n              "org.ratescope.yaml..",\n              "org.ratescope.study..",\n').replace('"org.ratescope.record..",','"org.ratescope.results..",').replace('"org.ratescope.figure..",','"org.ratescope.sql..",\n              "org.ratescope.figure..",').replace('"org.ratescope.report..",','"org.ratescope.page..",')
s=s.replace('"org.ratescope.format.."','"org.ratescope.dataset.format.."').replace('"org.ratescope.hdf5.."','"org.ratescope.dataset.hdf5.."')
s=s.replace('''  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.ratescope.(*)..").should().beFreeOfCycles();
''','''  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.ratescope.(**)").should().beFreeOfCycles();

  /** A parent package and all below it, but for the groups of commands. */
  @ArchTest
  static final ArchRule PARENT_PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.ratescope.(*)..").should().beFreeOfCycles();

  @ArchTest
  static void simpleNamesAreUnique(JavaClasses classes) {
    Map<String, List<String>> packages =
        classes.stream()
            .filter(c -> !c.isNestedClass() && !c.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    Collectors.mapping(JavaClass::getPackageName, Collectors.toList())));
    assertThat(packages.entrySet()).allSatisfy(e -> assertThat(e.getValue()).as(e.getKey()).hasSize(1));
  }
''')
s=s.replace('import com.tngtech.archunit.core.domain.JavaClass;','import com.tngtech.archunit.core.domain.JavaClass;\nimport com.tngtech.archunit.core.domain.JavaClasses;').replace('import java.util.regex.Pattern;','import java.util.List;\nimport java.util.Map;\nimport java.util.regex.Pattern;\nimport java.util.stream.Collectors;').replace('import static com.tngtech.archunit.library.dep','import static org.assertj.core.api.Assertions.assertThat;\nimport static com.tngtech.archunit.library.dep')
open(w,'w').write(s)
w='report/src/test/java/org/ratescope/page/WallsTest.java'
n='report/src/test/java/org/ratescope/page/ReportWallsTest.java'
subprocess.run(['git','mv',w,n]); w=n
s=open(w).read().replace('class WallsTest','class ReportWallsTest')
s=s.replace('    "org.ratescope.figure..",\n','    "org.ratescope.sql..",\n    "org.ratescope.figure..",\n',1).replace('"org.ratescope.report..",\n    "org.ratescope.record..",\n    "org.ratescope.study.."','"org.ratescope.page..",\n    "org.ratescope.live..",\n    "org.ratescope.results..",\n    "org.ratescope.study..",\n    "org.ratescope.yaml..",\n    "org.ratescope.spec.."')
a=s.index('              "org.bytedeco..",'); b=s.index(');',a)
s=s[:a]+'\n'.join('              "org.ratescope.%s..",'%x if x!='B' else '              "org.bytedeco..",' for x in ['B','tensor','model','train','estimate','analysis','dataset','plan','sweep']).rstrip(',')+s[b:]
s=s.replace('''              "org.ratescope.figure..",
              "org.ratescope.statistic..",
              "org.ratescope.claim..",
              "org.ratescope.report..")''','''              "org.ratescope.sql..",
              "org.ratescope.figure..",
              "org.ratescope.statistic..",
              "org.ratescope.claim..",
              "org.ratescope.page..")''')
s=s.replace('(figure|statistic|claim|report|record|study)','(sql|figure|statistic|claim|page|live|results|study|yaml|spec)')
open(w,'w').write(s)
w='spark/src/test/java/org/ratescope/spark/WallsTest.java'
n='spark/src/test/java/org/ratescope/spark/SparkWallsTest.java'
subprocess.run(['git','mv',w,n])
s=open(n).read().replace('class WallsTest','class SparkWallsTest').replace('"org.ratescope.vae..",\n              "org.ratescope.report.."','"org.ratescope.model..",\n              "org.ratescope.page.."')
open(n,'w').write(s)
# resources of two packages
for f in ['report/src/main/java/org/ratescope/sql/Resources.java']:
    print(open(f).read())
print(subprocess.run(['git','grep','-n',r'Resources\.'],capture_output=True,text=True).stdout)
