"""Words that names are made of: common ones in JavaScript code, one word each, in lower case."""

from typing import Final

NOUNS: Final = tuple(
    "account action address age alias amount anchor angle animation answer app area argument array asset attribute author axis backup "
    "badge balance bar base basket batch block board body border bottom bound box branch bucket budget buffer bundle button byte cache "
    "calendar callback camera cart category cell center chain channel chapter char chart check child choice chunk circle city client "
    "clock cluster code collection color column command comment commit component config connection contact container content context "
    "cookie coord copy corner cost count counter country course cover credit currency cursor customer cycle data database date day delay "
    "delta depth detail device diff digit direction distance doc domain door draft driver duration edge editor element email emitter "
    "employee encoding end endpoint engine entity entry enumerator env epoch error example exponent extension factor feature feed field "
    "figure file filter flag flow folder font footer form format fraction fragment frame friend game gap gateway grade graph grid group "
    "guest handle handler hash header heap height history holder hook host hour icon id image index info inner input instance integer "
    "interval invoice issue item iterator job key keyword kind label language layer layout leaf left level library limit line link list "
    "listener loader local lock log logger loop manager map margin marker mask match matrix max measure media member memory menu merge "
    "message meta method metric middle min minute mode model modifier module moment month mouse movie node note number object offset "
    "option order origin other outer output owner pad page pair panel param parser part partner pass path pattern payload peer percent "
    "period permission person phase phone photo pixel place plan player plugin point pointer policy pool port position post prefix "
    "preview price printer priority process product profile progress project promise property provider proxy query question queue quota "
    "range rank rate ratio reader reason record rect ref region register relation remote report request resource response result retry "
    "right role room root route row rule sample scale schema scope score script search second section segment selection sender sequence "
    "series server service session setting shape sheet shift side sign signal size slice slot snapshot socket sort source space speed "
    "stack stage start state station step stock store stream string student style subject suffix sum summary symbol system tab table tag "
    "target task team template term test text theme thread threshold ticket tile time timer timestamp title token tool total track "
    "transaction transform tree trigger tuple type unit update url usage user util value variable vector vehicle version video view "
    "visitor volume watcher weight widget width window word worker wrapper writer year zone".split()
)

VERBS: Final = tuple(
    "add append apply assign attach bind build calculate call cancel change check clean clear clone close collect combine compare "
    "compile compute connect convert copy count create debug decode delete detect dispatch draw emit enable encode execute expand "
    "extract fetch fill filter find flatten flush format generate get group handle has hide increment init insert invoke join "
    "list load locate log lookup make map measure merge move normalize notify open pack parse pick play prepare print process pull "
    "push query read receive record reduce refresh register release remove render replace request reset resolve restore resume retry "
    "return reverse rotate run save scan schedule scroll search select send serialize set shift show shuffle sort split start stop "
    "store submit swap sync take test toggle track transform traverse trigger trim update upload use validate verify visit wait walk "
    "watch wrap write".split()
)
