; Setup of Jitsuin for one user, without rights of an administrator.
;
;   jitsuin-setup.exe [/S] [/D=C:\where]      /S asks nothing; /D is the last one, and without quotes
;   uninstall.exe [/S]
;
; installer/windows/setup.py gives VERSION, MAKER, HOME (where there is an address), FOLDER (of the frozen program),
; WORK (of what it wrote) and OUTPUT.

Unicode true
Target amd64-unicode   ; the program is one of 64 bits
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh

!define CURRENT "Software\Microsoft\Windows\CurrentVersion"
!define UNINSTALL "${CURRENT}\Uninstall\Jitsuin"
!define APP_PATH "${CURRENT}\App Paths\jitsuin.exe"
!define LOGIN "${CURRENT}\Run"

Name "Jitsuin"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Jitsuin"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Jitsuin"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Jitsuin Setup"
VIAddVersionKey "CompanyName" "${MAKER}"
VIAddVersionKey "LegalCopyright" "GPL-3.0-or-later"
!ifdef SIGN   ; a command that signs the file it is given
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif

!define MUI_ICON "${WORK}\jitsuin.ico"
!define MUI_UNICON "${WORK}\jitsuin.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\jitsuin.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Japanese"

LangString STILL_OPEN ${LANG_ENGLISH} "Jitsuin is open. Close it, and try again."
LangString STILL_OPEN ${LANG_JAPANESE} "Jitsuin が開いています。閉じてから、もう一度お試しください。"
LangString NOT_EMPTY ${LANG_ENGLISH} "There are other files in this folder. Choose an empty one, or a new one."
LangString NOT_EMPTY ${LANG_JAPANESE} "このフォルダーには、ほかのファイルがあります。空のフォルダーか、新しいフォルダーを選んでください。"

; Only what a setup of ours put there is ever taken out: a folder of anything else is not touched.
!macro TakeOutProgram
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\jitsuin.exe"
  Delete "$INSTDIR\jitsuin.com"
!macroend

; A program that runs cannot be written to: a file that can be opened so is not running.
!macro RefuseWhileOpen un
  Function ${un}RefuseWhileOpen
    ${If} ${FileExists} "$INSTDIR\jitsuin.exe"
      ClearErrors
      FileOpen $0 "$INSTDIR\jitsuin.exe" a
      ${If} ${Errors}
        MessageBox MB_OK|MB_ICONEXCLAMATION "$(STILL_OPEN)" /SD IDOK
        SetErrorLevel 1
        Abort
      ${EndIf}
      FileClose $0
    ${EndIf}
  FunctionEnd
!macroend
!insertmacro RefuseWhileOpen ""
!insertmacro RefuseWhileOpen "un."

Function RefuseForeignFolder
  ${If} ${FileExists} "$INSTDIR\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\jitsuin.*"
    ${DirState} "$INSTDIR" $0
    ${If} $0 == 1
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(NOT_EMPTY)" /SD IDOK
      SetErrorLevel 2
      Abort
    ${EndIf}
  ${EndIf}
FunctionEnd

Section
  Call RefuseForeignFolder
  Call RefuseWhileOpen
  !insertmacro TakeOutProgram   ; that of an older version has parts which this one does not have
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Jitsuin.lnk" "$INSTDIR\jitsuin.exe"
  !include "${WORK}\put.nsh"
  WriteRegStr HKCU "${APP_PATH}" "" "$INSTDIR\jitsuin.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Jitsuin"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\jitsuin.exe,0"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${MAKER}"
  !ifdef HOME
    WriteRegStr HKCU "${UNINSTALL}" "URLInfoAbout" "${HOME}"
  !endif
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'   ; SHCNE_ASSOCCHANGED
SectionEnd

; What people signed, their settings and their reminders are theirs, and stay. The entry for the login would start
; nothing any more.
Section un.
  Call un.RefuseWhileOpen
  !insertmacro TakeOutProgram
  Delete "$SMPROGRAMS\Jitsuin.lnk"
  !include "${WORK}\take-out.nsh"
  DeleteRegValue HKCU "${LOGIN}" "jitsuin-reminders"
  DeleteRegKey HKCU "${APP_PATH}"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey /ifempty HKCU "${CURRENT}\App Paths"
  DeleteRegKey /ifempty HKCU "${CURRENT}\Uninstall"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
