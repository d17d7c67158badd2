"""The standard modules and fields of a new organisation, as the facts sheet lists them.

One line a field: name, type (`lookup:Module`), length; `!` mandatory, `?` mandatory by layout, `ro` read-only;
`= a | b` the picklist.
"""

from __future__ import annotations

from collections.abc import Callable

from activity_sync.simulator.zoho.fields import Field, Module

_EVERYWHERE = """
Owner ownerlookup
Created_By ownerlookup ro
Modified_By ownerlookup ro
Created_Time datetime ro
Modified_Time datetime ro
Record_Status__s picklist ro = Trash | Available | Draft
Tag tag
"""
_SOURCES = "= -None- | Advertisement | Cold Call | Employee Referral | Partner | Trade Show | Web Download"
_PARENTS = """
Last_Activity_Time datetime ro
Change_Log_Time__s datetime ro
Locked__s boolean ro
Description textarea 32000
Layout layout
"""
_MODULES = {
    "Leads": f"""
Last_Name text 80 !
First_Name text 40
Full_Name text 120 ro
Salutation picklist = -None- | Mr. | Mrs. | Ms. | Dr. | Prof.
Company text 200 ?
Designation text 100
Email email 100
Secondary_Email email 100
Phone phone 30
Mobile phone 30
Fax text 30
Website website 255
Lead_Status picklist = -None- | Attempted to Contact | Contact in Future | Contacted | Junk Lead | Lost Lead
Lead_Source picklist {_SOURCES}
Industry picklist = -None- | ASP | Data/Telecom OEM | ERP | Government/Military | Large Enterprise
Rating picklist = -None- | Acquired | Active | Market Failed | Project Cancelled | Shut Down
Street text 250
City text 100
State text 100
Country text 100
Zip_Code text 30
Email_Opt_Out boolean
No_of_Employees integer 9
Annual_Revenue currency 16
Converted__s boolean ro
Converted_Date_Time datetime ro
Converted_Account lookup:Accounts ro
Converted_Contact lookup:Contacts ro
Converted_Deal lookup:Deals ro
Lead_Conversion_Time integer ro
Unsubscribed_Mode picklist ro
Unsubscribed_Time datetime ro
""",
    "Contacts": f"""
Last_Name text 80 !
First_Name text 40
Full_Name text 120 ro
Salutation picklist = -None- | Mr. | Mrs. | Ms. | Dr. | Prof.
Account_Name lookup:Accounts
Email email 100
Secondary_Email email 100
Phone phone 30
Mobile phone 30
Home_Phone phone 30
Other_Phone phone 30
Asst_Phone phone 30
Fax text 30
Assistant text 100
Title text 100
Department text 100
Reporting_To lookup:Contacts
Date_of_Birth date
Lead_Source picklist {_SOURCES}
Email_Opt_Out boolean
Mailing_Street text 250
Mailing_City text 100
Mailing_State text 100
Mailing_Zip text 30
Mailing_Country text 100
Other_Street text 250
Other_City text 100
Other_State text 100
Other_Zip text 30
Other_Country text 100
""",
    "Accounts": """
Account_Name text 200 !
Phone phone 30
Fax text 30
Website website 255
Account_Number bigint 18
Account_Site text 80
Account_Type picklist = -None- | Analyst | Competitor | Customer | Distributor | Partner | Prospect | Vendor
Ownership picklist = -None- | Private | Public | Subsidiary
Industry picklist = -None- | ASP | Data/Telecom OEM | ERP | Government/Military | Large Enterprise
Rating picklist = -None- | Acquired | Active | Market Failed | Project Cancelled | Shut Down
Parent_Account lookup:Accounts
Employees integer 9
Annual_Revenue currency 16
SIC_Code integer 9
Ticker_Symbol text 30
Billing_Street text 250
Billing_City text 100
Billing_State text 100
Billing_Code text 30
Billing_Country text 100
Shipping_Street text 250
Shipping_City text 100
Shipping_State text 100
Shipping_Code text 30
Shipping_Country text 100
""",
    "Deals": f"""
Deal_Name text 120 !
Stage picklist !
Pipeline picklist
Account_Name lookup:Accounts
Contact_Name lookup:Contacts
Amount currency 16
Closing_Date date ?
Probability integer 3
Expected_Revenue currency 16 ro
Type picklist = -None- | Existing Business | New Business
Lead_Source picklist {_SOURCES}
Next_Step text 100
Reason_For_Loss__s picklist = -None- | Expectation Mismatch | Price | Unqualified Customer | Other
Sales_Cycle_Duration integer ro
Overall_Sales_Duration integer ro
Lead_Conversion_Time integer ro
""",
    "Events": """
Event_Title text 255 !
Start_DateTime datetime !
End_DateTime datetime !
All_day boolean
Venue text 255
Participants participants
Who_Id lookup:Contacts
What_Id lookup:se_module
Description textarea 32000
Remind_At multireminder
Remind_Participants multireminder
Recurring_Activity RRULE
Check_In_Time datetime ro
Check_In_By ownerlookup ro
Check_In_Status text 100 ro
Check_In_Comment textarea 2000 ro
Meeting_Venue__s picklist = -None- | In-office | Client location | Online
""",
    "Calls": """
Subject text 255 !
Call_Type picklist ! = Inbound | Outbound | Missed
Call_Start_Time datetime !
Call_Duration text 20
Call_Duration_in_seconds integer ro
Call_Purpose picklist = -None- | Prospecting | Administrative | Negotiation | Demo | Project | Desk
Call_Result picklist = -None- | Interested | Not interested | No response/Busy | Requested more info | \
Requested call back | Invalid number
Call_Agenda text 255
Outgoing_Call_Status picklist = Scheduled | Completed | Overdue | Cancelled
Description textarea 32000
Who_Id lookup:Contacts
What_Id lookup:se_module
Reminder picklist ro
Caller_ID text 30 ro
Dialled_Number text 30 ro
Voice_Recording__s website 255 ro
CTI_Entry boolean ro
Scheduled_In_CRM boolean ro
""",
    "Tasks": """
Subject text 255 !
Due_Date date
Status picklist = Not Started | Deferred | In Progress | Completed | Waiting for input
Priority picklist = High | Highest | Low | Lowest | Normal
Description textarea 32000
Who_Id lookup:Contacts
What_Id lookup:se_module
Remind_At ALARM
Recurring_Activity RRULE
Closed_Time datetime ro
Send_Notification_Email boolean
Locked__s boolean ro
""",
    "Notes": """
Note_Title text 120
Note_Content textarea 65535 !
Parent_Id lookup:se_module !
""",
}
_NAMES = {
    "Leads": ("Lead", "Leads", "Full_Name"),
    "Contacts": ("Contact", "Contacts", "Full_Name"),
    "Accounts": ("Account", "Accounts", "Account_Name"),
    "Deals": ("Deal", "Deals", "Deal_Name"),
    "Events": ("Meeting", "Meetings", "Event_Title"),
    "Calls": ("Call", "Calls", "Subject"),
    "Tasks": ("Task", "Tasks", "Subject"),
    "Notes": ("Note", "Notes", "Note_Title"),
}


def standard_modules(new_id: Callable[[], str]) -> dict[str, Module]:
    """The modules of a new organisation. `new_id` gives ids to modules, layouts and fields."""
    return {name: _module(name, new_id) for name in _MODULES}


def _module(name: str, new_id: Callable[[], str]) -> Module:
    singular, plural, name_field = _NAMES[name]
    module = Module(name, singular, plural, new_id(), new_id(), name_field)
    is_parent = name in ("Leads", "Contacts", "Accounts", "Deals")
    lines = (_MODULES[name] + _EVERYWHERE + (_PARENTS if is_parent else "")).splitlines()
    for line in filter(None, lines):
        field = _field(line)
        field.id = new_id()
        module.fields[field.api_name] = field
    return module


def _field(line: str) -> Field:
    words, _, values = line.partition("=")
    name, kind, *marks = words.split()
    data_type, _, target = kind.partition(":")
    return Field(
        name,
        data_type,
        length=next((int(mark) for mark in marks if mark.isdigit()), 255 if data_type == "picklist" else 0),
        mandatory="!" in marks,
        layout_mandatory="?" in marks,
        read_only="ro" in marks,
        picklist=tuple(value.strip() for value in values.split("|")) if values else (),
        target=target,
        label=name.removesuffix("__s").replace("_", " "),
    )
