@echo off
rem Starts Ratescope on Windows from a release archive. It takes the Java runtime of the archive, or else a JDK of at
rem least this version, from JAVA_HOME or the PATH:
setlocal EnableExtensions DisableDelayedExpansion
set "required=21"

set "here=%~dp0"
set "here=%here:~0,-1%"
if not exist "%here%\lib\" (
  echo ratescope: no folder lib beside this file. It works in a release archive only: a checkout is built with Maven. 1>&2
  exit /b 1
)

set "jdk="
if exist "%here%\runtime\bin\java.exe" set "jdk=%here%\runtime"
if not defined jdk if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "jdk=%JAVA_HOME%"
if not defined jdk for %%j in (java.exe) do if not "%%~dp$PATH:j" == "" set "jdk=%%~dp$PATH:j.."
if not defined jdk (
  echo ratescope: no JDK %required% or newer found: looked at JAVA_HOME and the PATH. Install one, for example Temurin %required%, or set JAVA_HOME. 1>&2
  exit /b 1
)

rem The major version, from the file "release". Some installers put only java.exe on the PATH; then it is unknown.
set "major=%required%"
if exist "%jdk%\release" for /f "usebackq tokens=2 delims==." %%v in (`findstr /b "JAVA_VERSION=" "%jdk%\release"`) do set "major=%%~v"
set "major=%major:"=%"
if %major% LSS %required% (
  echo ratescope: the Java in "%jdk%" has version %major%; required is %required% or newer. Set JAVA_HOME. 1>&2
  exit /b 1
)

rem Commands that take a few seconds are faster without the optimising compiler.
set "flags="
for %%c in (plan status retry query claims figure ls show compare clean help completion) do if "%~1" == "%%c" set "flags=-XX:TieredStopAtLevel=1"

rem The folder on the PATH need not be called bin.
set "java=%jdk%\bin\java.exe"
if not exist "%java%" for %%j in (java.exe) do set "java=%%~$PATH:j"

"%java%" %flags% "-Dratescope.home=%here%" --enable-native-access=ALL-UNNAMED -cp "%here%\lib\*" org.ratescope.cli.Main %*
exit /b %ERRORLEVEL%
